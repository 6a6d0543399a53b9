// SPDX-License-Identifier: MIT
#include "helper/migration_plan.h"

#include <algorithm>
#include <map>

#include "helper/docker_config.h"
#include "helper/protocol.h"
#include "helper/server_address.h"
#include "platform/error.h"

namespace cred {
namespace {

bool same_credential(const Credential& a, const Credential& b) {
  return a.username == b.username && same_secret(a.secret, b.secret);
}

class Planner {
 public:
  Planner(Store& store, bool replace, std::span<const PlannedCredential> own)
      : store_(store), replace_(replace), own_(own) {}

  void add(const SourceFile& source);
  [[nodiscard]] MigrationPlan take() && { return std::move(plan_); }

 private:
  void plan_config(PlannedFile& file);
  void plan_dockercfg(PlannedFile& file);
  [[nodiscard]] std::string obstacle(const DockerConfig& config, const ConfigEntry& entry);
  [[nodiscard]] std::string claim_as_asked(const DockerConfig& config,
                                           const Credential& credential);
  [[nodiscard]] std::string claim(const Credential& credential);
  [[nodiscard]] bool may_replace(const Credential& stored) const;

  Store& store_;
  bool replace_;
  std::span<const PlannedCredential> own_;
  MigrationPlan plan_;
  std::map<std::string, std::size_t, std::less<>> positions_;  // server → plan_.credentials
};

PlannedEntry describe(const ConfigEntry& entry) {
  PlannedEntry planned;
  planned.server = entry.key;
  if (entry.credential) planned.username = entry.credential->username;
  planned.leaves_login = entry.holds_login;
  if (!entry.holds_login && entry.problem.empty()) {
    planned.action = entry.holds_registry_token ? Action::kept : Action::skipped;
    planned.reason =
        entry.holds_registry_token ? "a registrytoken cannot live in a keyring" : "holds no login";
  }
  return planned;
}

// Names what an entry keeps although its login moves.
std::string remains_of(const ConfigEntry& entry) {
  std::string names = entry.holds_registry_token ? "registrytoken" : "";
  for (const auto& field : entry.unknown_fields) names += (names.empty() ? "" : ", ") + field;
  return names.empty() ? names : "stays in the file: " + names;
}

// The helper that docker would ask for this entry after we have set credsStore, if it is another
// than ours; else empty.
std::string other_helper(const DockerConfig& config, const std::string& key) {
  for (const auto& [server, helper] : config.cred_helpers()) {
    if (!same_registry(server, asked_as(key)) || helper.empty()) continue;
    return helper == kHelperName ? "" : helper;
  }
  return config.creds_store() == kHelperName ? "" : config.creds_store();
}

void mark_moved(PlannedEntry& planned, const ConfigEntry& entry) {
  planned.action = Action::moved;
  planned.reason = remains_of(entry);
  planned.leaves_login = false;
}

void mark_kept(PlannedEntry& planned, std::string reason) {
  planned.action = Action::kept;
  planned.reason = std::move(reason);
}

FileStatus status_of(const PlannedFile& file, bool refused) {
  const auto& entries = file.entries;
  if (std::ranges::any_of(entries, &PlannedEntry::leaves_login)) return FileStatus::partial;
  if (refused) return FileStatus::refused;
  return file.new_text ? FileStatus::migrated : FileStatus::unchanged;
}

// How docker finds an entry that stays once credsStore is set: an empty helper means this file.
void keep_working(const ConfigEntry& entry, const DockerConfig& config, ConfigEdit& edit) {
  const bool hidden_already = config.creds_store() == kHelperName;
  const std::string server = asked_as(entry.key);
  if (!entry.docker_reads_it || hidden_already || config.cred_helpers().contains(server)) return;
  edit.cred_helpers.emplace(server, "");
}

void forget_file_lookup(const ConfigEntry& entry, const DockerConfig& config, ConfigEdit& edit) {
  for (const auto& [server, helper] : config.cred_helpers()) {
    if (helper.empty() && same_registry(server, asked_as(entry.key))) {
      edit.helpers_to_remove.insert(server);
    }
  }
}

// Why the store cannot take what docker can; else empty.
std::string unfit(const Credential& credential) {
  if (credential.server.empty()) return "names no server";
  if (credential.server.find('\0') != std::string::npos) return "the server's name holds a NUL";
  const bool fits = credential.username.size() <= kLargestText &&
                    credential.secret.reveal().size() <= kLargestText;
  return fits ? "" : "is longer than " + std::to_string(kLargestText) + " bytes";
}

// Takes a credential into the plan; the reason if it cannot be.
std::string Planner::claim(const Credential& credential) {
  if (const auto planned = positions_.find(credential.server); planned != positions_.end()) {
    Credential& wanted = plan_.credentials[planned->second].wanted;
    if (same_credential(wanted, credential)) return {};
    if (!replace_) return "another file has another login for it; --replace lets the last one win";
    wanted.username = credential.username;
    wanted.secret = credential.secret.copy();
    return {};
  }
  auto before = store_.get(credential.server);
  if (before && !same_credential(*before, credential) && !may_replace(*before)) {
    return "the " + std::string(store_.name_for(credential.server)) +
           " holds another login for it, of " + before->username + "; --replace lets this one win";
  }
  positions_.emplace(credential.server, plan_.credentials.size());
  plan_.credentials.push_back(
      {{credential.server, credential.username, credential.secret.copy()}, std::move(before)});
  return {};
}

bool Planner::may_replace(const Credential& stored) const {
  return replace_ || std::ranges::any_of(own_, [&](const PlannedCredential& own) {
           return own.wanted.server == stored.server && same_credential(own.wanted, stored);
         });
}

// Docker asks for a host, not for a key with scheme and path: what the store has for exactly that
// host would answer instead of this entry.
std::string Planner::claim_as_asked(const DockerConfig& config, const Credential& credential) {
  const std::string asked = asked_as(credential.server);
  const bool has_own_entry = !config.text_of(asked).empty();
  const bool another_spelling =
      asked != credential.server && same_registry(asked, credential.server);
  if (!another_spelling || has_own_entry || !store_.get(asked)) return {};
  return claim({asked, credential.username, credential.secret.copy()});
}

std::string Planner::obstacle(const DockerConfig& config, const ConfigEntry& entry) {
  if (!entry.credential) return entry.problem;
  if (std::string reason = unfit(*entry.credential); !reason.empty()) return reason;
  if (std::string reason = claim_as_asked(config, *entry.credential); !reason.empty())
    return reason;
  return claim(*entry.credential);
}

void Planner::plan_config(PlannedFile& file) {
  const DockerConfig config = DockerConfig::parse(file.source.text.value_or(""));
  ConfigEdit edit;
  for (const auto& entry : config.entries()) {
    PlannedEntry planned = describe(entry);
    if (entry.holds_login || !entry.problem.empty()) {
      const std::string helper = other_helper(config, entry.key);
      std::string reason =
          helper.empty() ? obstacle(config, entry) : "docker asks another helper for it, " + helper;
      if (reason.empty()) {
        mark_moved(planned, entry);
        planned.store = store_.name_for(entry.key);
        edit.emptied.insert(entry.key);
        forget_file_lookup(entry, config, edit);
      } else {
        mark_kept(planned, std::move(reason));
        if (helper.empty()) keep_working(entry, config, edit);
      }
    }
    file.entries.push_back(std::move(planned));
  }
  const std::string& helper = config.creds_store();
  const bool foreign = !helper.empty() && helper != kHelperName;
  if (foreign) {
    file.reason = "credsStore names another helper, " + helper + "; take that line out to move on";
  } else if (helper.empty()) {
    edit.creds_store = kHelperName;
  }
  std::string text = config.edited(edit);
  if (!file.source.text || text != *file.source.text) {
    if (!foreign || !edit.emptied.empty()) file.new_text = std::move(text);
  }
  file.status = status_of(file, foreign);
}

void Planner::plan_dockercfg(PlannedFile& file) {
  for (const auto& entry : parse_dockercfg(file.source.text.value_or(""))) {
    PlannedEntry planned = describe(entry);
    if (entry.holds_login || !entry.problem.empty()) {
      std::string reason = obstacle(DockerConfig::parse(""), entry);
      if (reason.empty()) {
        reason = "is in the " + std::string(store_.name_for(entry.key)) +
                 " too; this file is never written: delete it when docker works without";
      }
      mark_kept(planned, std::move(reason));
    }
    file.entries.push_back(std::move(planned));
  }
  file.status = status_of(file, false);
}

void Planner::add(const SourceFile& source) {
  PlannedFile file;
  file.source = source;
  try {
    if (source.kind == FileKind::dockercfg) {
      plan_dockercfg(file);
    } else {
      plan_config(file);
    }
  } catch (const Error& failure) {
    if (failure.code() != Errc::bad_request) throw;
    throw Error(failure.code(), source.path + ": " + failure.what());
  }
  plan_.files.push_back(std::move(file));
}

}  // namespace

bool PlannedCredential::is_stored() const { return before && same_credential(*before, wanted); }

MigrationPlan plan_migration(std::span<const SourceFile> sources, Store& store, bool replace,
                             std::span<const PlannedCredential> own) {
  Planner planner(store, replace, own);
  for (const auto& source : sources) planner.add(source);
  return std::move(planner).take();
}

}  // namespace cred
