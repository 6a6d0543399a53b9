// SPDX-License-Identifier: MIT
#include "helper/migrate/report.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "helper/cli/report.h"
#include "helper/files/node_files.h"
#include "helper/servers/server_address.h"
#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "helper/text/tilde.h"
#include "platform/text/strings.h"

namespace cred {

NLOHMANN_JSON_SERIALIZE_ENUM(Action, {{Action::moved, "moved"},
                                      {Action::kept, "kept"},
                                      {Action::skipped, "skipped"}})

NLOHMANN_JSON_SERIALIZE_ENUM(MigrationStatus, {{MigrationStatus::migrated, "migrated"},
                                               {MigrationStatus::partial, "partial"},
                                               {MigrationStatus::unchanged, "unchanged"},
                                               {MigrationStatus::refused, "refused"}})

NLOHMANN_JSON_SERIALIZE_ENUM(PlannedDropIn::Status,
                             {{PlannedDropIn::Status::written, "written"},
                              {PlannedDropIn::Status::unchanged, "unchanged"},
                              {PlannedDropIn::Status::refused, "refused"}})

namespace {

// What is said of an entry: where it goes, and why or why not.
std::string remark_on(const PlannedEntry& entry) {
  if (entry.action != Action::moved) return entry.reason;
  return "to the " + std::string(entry.store->name()) + (entry.reason.empty() ? "" : "; ") +
         entry.reason;
}

// Where a report goes, and for whom.
struct Page {
  const Notes& out;
  std::size_t width;
  const Environment& environment;

  [[nodiscard]] std::string shown(const std::string& text) const {
    return with_tilde(text, environment);
  }
  void remark(const std::string& text) const { print_remark(out, shown(text), width); }
};

void print_entries(const PlannedFile& file, const Page& page) {
  Table table;
  for (const auto& entry : file.entries) {
    if (entry.action == Action::skipped && !entry.is_lost) continue;
    const char* word = entry.is_lost                   ? "gone  "
                       : entry.action == Action::moved ? "moved "
                                                       : "kept  ";
    table.add({word, shown_server(entry.server), entry.username, page.shown(remark_on(entry))});
  }
  table.print(page.out, "  ", page.width);
}

std::string count_of_moved(const PlannedFile& file) {
  const auto count = std::ranges::count(file.entries, Action::moved, &PlannedEntry::action);
  return login_count(static_cast<std::size_t>(count));
}

// The one that the first entry moves to, for they rarely differ; where none does, whichever we ask.
std::string asked_store(const PlannedFile& file) {
  const auto moved = std::ranges::find(file.entries, Action::moved, &PlannedEntry::action);
  return moved == file.entries.end() ? "this helper" : "the " + std::string(moved->store->name());
}

std::string who_asks_now(const PlannedFile& file, Tense tense) {
  if (is_of_kubelet(file.source.path)) {
    return "the kubelet asks no helper of docker's, but this: " + std::string(kProgram) +
           " kubelet --print-config";
  }
  return std::string(file.source.format->reader) +
         (tense == Tense::planned ? " would ask " : " asks ") + asked_store(file) + " from now on";
}

std::string verdict(const PlannedFile& file, Tense tense) {
  const std::string will = tense == Tense::planned ? "would be " : "";
  switch (file.status) {
    case MigrationStatus::migrated:
      if (!file.source.format->obeys_creds_store) {
        return count_of_moved(file) + ' ' + will + "moved";
      }
      return count_of_moved(file) + ' ' + will + "moved; " + who_asks_now(file, tense);
    case MigrationStatus::partial:
      return count_of_moved(file) + ' ' + will + "moved; what stays in the file is named";
    case MigrationStatus::unchanged:
      return "nothing to do";
    case MigrationStatus::refused:
      return "left as it is";
  }
  return "";
}

std::string verdict(const PlannedDropIn& drop_in, Tense tense) {
  if (drop_in.status == PlannedDropIn::Status::refused) {
    return "podman, skopeo and buildah are not told to ask the keyring";
  }
  const bool will = tense == Tense::planned && drop_in.status == PlannedDropIn::Status::written;
  return std::string("podman, skopeo and buildah ") + (will ? "would ask " : "ask ") +
         join(drop_in.helpers, ", then ");
}

void print_drop_in(const PlannedDropIn& drop_in, Tense tense, const Page& page) {
  page.out.line(page.shown(drop_in.file));
  for (const auto& remark : drop_in.remarks) page.remark(remark);
  page.remark(verdict(drop_in, tense));
}

}  // namespace

void print_table(const MigrationPlan& plan, Tense tense, const Notes& out, std::size_t width,
                 const Environment& environment) {
  const Page page{out, width, environment};
  for (const auto& file : plan.files) {
    out.line(page.shown(file.source.path));
    print_entries(file, page);
    if (!file.reason.empty()) page.remark(file.reason);
    page.remark(verdict(file, tense));
  }
  if (plan.drop_in) print_drop_in(*plan.drop_in, tense, page);
}

void print_json(const MigrationPlan& plan, Tense tense, std::ostream& out) {
  using Json = nlohmann::ordered_json;
  Json files = Json::array();
  for (const auto& file : plan.files) {
    Json entries = Json::array();
    for (const auto& entry : file.entries) {
      entries.push_back({{"server", entry.server},
                         {"username", entry.username},
                         {"action", entry.action},
                         {"store", entry.store ? entry.store->text() : ""},
                         {"reason", entry.reason}});
    }
    files.push_back({{"file", file.source.path},
                     {"status", file.status},
                     {"reason", file.reason},
                     {"entries", std::move(entries)}});
  }
  Json document = {
      {"version", 1}, {"dry_run", tense == Tense::planned}, {"files", std::move(files)}};
  if (plan.drop_in) {
    document["drop_in"] = {{"file", plan.drop_in->file},
                           {"status", plan.drop_in->status},
                           {"helpers", plan.drop_in->helpers},
                           {"remarks", plan.drop_in->remarks}};
  }
  write_json(document, out);
}

int exit_status(const MigrationPlan& plan) {
  const auto leaves_credential = [](const PlannedFile& file) {
    return std::ranges::any_of(file.entries, &PlannedEntry::leaves_credential);
  };
  if (std::ranges::any_of(plan.files, leaves_credential)) return exit_partial;
  if (plan.drop_in && plan.drop_in->hides_logins) return exit_partial;
  const bool refused = std::ranges::find(plan.files, MigrationStatus::refused,
                                         &PlannedFile::status) != plan.files.end();
  const bool changed = std::ranges::any_of(plan.files, [](const PlannedFile& file) {
    return file.new_text.has_value() && file.status != MigrationStatus::refused;
  });
  if (refused) return changed ? exit_partial : exit_failed;
  if (!plan.drop_in || plan.drop_in->status != PlannedDropIn::Status::refused) return exit_done;
  return changed ? exit_partial : exit_failed;
}

}  // namespace cred
