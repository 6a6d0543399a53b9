// SPDX-License-Identifier: MIT
#include "helper/migrate/draft.h"

#include <algorithm>
#include <string>

namespace cred {
namespace {

// Names what an entry keeps although its credential moves.
std::string remains_of(const ConfigEntry& entry) {
  std::string names = entry.holds_registry_token ? "registrytoken" : "";
  for (const auto& field : entry.unknown_fields) names += (names.empty() ? "" : ", ") + field;
  return names.empty() ? names : "stays in the file: " + names;
}

}  // namespace

Draft::Draft(const SourceFile& source) : config(parse_config(source)) {
  file.source = source;
  file.entries.resize(config.entries().size());
}

PlannedEntry describe(const ConfigEntry& entry, const Verdict& verdict) {
  PlannedEntry planned;
  planned.server = entry.key;
  if (entry.credential) planned.username = entry.credential->username;
  planned.leaves_credential = entry.holds_credential;
  planned.reason = verdict.reason;
  const bool is_empty = verdict.fate == Fate::nothing && !entry.holds_registry_token;
  planned.action = is_empty ? Action::skipped : Action::kept;
  return planned;
}

void empty_entry(PlannedEntry& planned, const ConfigEntry& entry, Draft& draft) {
  planned.reason = remains_of(entry);
  planned.leaves_credential = false;
  // Without its entry podman shows no credential, as after its logout.
  const bool goes =
      draft.format().rewriting == LoginFormat::Rewriting::remove && planned.reason.empty();
  (goes ? draft.edit.removed : draft.edit.emptied).insert(entry.key);
}

MigrationStatus status_of(const PlannedFile& file, bool refused) {
  const auto& entries = file.entries;
  if (std::ranges::any_of(entries, &PlannedEntry::leaves_credential))
    return MigrationStatus::partial;
  if (refused) return MigrationStatus::refused;
  return file.new_text ? MigrationStatus::migrated : MigrationStatus::unchanged;
}

}  // namespace cred
