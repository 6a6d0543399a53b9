// SPDX-License-Identifier: MIT
#include "helper/migrate/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "helper/protocol/protocol.h"
#include "helper/servers/server_address.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"

namespace cred {
namespace {

// The text of `source` as `parse` reads it; a failure names the file.
template <typename Parse>
auto named(const SourceFile& source, Parse parse) {
  try {
    return parse(source.text.value_or(""));
  } catch (const Error& failure) {
    throw Error(failure.code(), source.path + ": " + failure.what());
  }
}

class Planner {
 public:
  Planner(Store& store, bool replace, std::span<const PlannedCredential> own)
      : store_(store), replace_(replace), own_(own) {}

  void take_over(const HelperCredentials& from);  // before the files
  void add(const SourceFile& source);
  [[nodiscard]] MigrationPlan take() &&;

 private:
  void plan_config(PlannedFile& file);
  void plan_dockercfg(PlannedFile& file);
  void plan_auth_file(PlannedFile& file);
  [[nodiscard]] bool take_place(const DockerConfig& config, ConfigEdit& edit) const;
  [[nodiscard]] std::string other_helper(const DockerConfig& config, const std::string& key) const;
  [[nodiscard]] bool is_foreign(const std::string& helper) const;
  [[nodiscard]] std::string claim_entry(const DockerConfig& config, const ConfigEntry& entry,
                                        const std::string& server, PlannedEntry& planned);
  [[nodiscard]] std::string claim_auth_entry(const SourceFile& source, const DockerConfig& config,
                                             const ConfigEntry& entry, PlannedEntry& planned);
  [[nodiscard]] std::string part_of_registry(const DockerConfig& config, const ConfigEntry& entry);
  [[nodiscard]] std::string claim(const Credential& credential);
  [[nodiscard]] bool may_replace(const Credential& stored) const;

  Store& store_;
  bool replace_;
  std::span<const PlannedCredential> own_;
  MigrationPlan plan_;
  std::map<std::string, std::size_t, std::less<>> positions_;  // server → plan_.credentials

  std::string replaced_;              // the helper in whose place we step; empty if there is none
  std::set<std::string> left_to_it_;  // servers that docker goes on asking of it
  std::optional<PlannedFile> helper_;
  std::size_t taken_over_ = 0;  // how many of plan_.credentials are the helper's
};

bool Planner::is_foreign(const std::string& helper) const {
  return !helper.empty() && helper != kHelperName && helper != replaced_;
}

PlannedEntry describe(const ConfigEntry& entry) {
  PlannedEntry planned;
  planned.server = entry.key;
  if (entry.credential) planned.username = entry.credential->username;
  planned.leaves_credential = entry.holds_credential;
  if (!entry.holds_credential && entry.problem.empty()) {
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

// The helper that credHelpers names for this entry; nullopt if it names none.
std::optional<std::string> own_helper(const DockerConfig& config, const std::string& key) {
  for (const auto& [server, helper] : config.cred_helpers()) {
    if (same_registry(server, asked_as(key)) && !helper.empty()) return helper;
  }
  return std::nullopt;
}

// The helper that docker would ask for this entry after we have set credsStore, if it is another
// than ours; else empty.
std::string Planner::other_helper(const DockerConfig& config, const std::string& key) const {
  const std::string helper = own_helper(config, key).value_or(config.creds_store());
  const bool stays = helper == replaced_ && left_to_it_.contains(asked_as(key));
  return stays || is_foreign(helper) ? helper : "";
}

// The server under which a credential is stored: as the entry spells it, unless the store would not
// answer by that when docker asks for the host, because there is more behind it than /v1/.
std::string name_in_store(const DockerConfig& config, const std::string& key) {
  const std::string asked = asked_as(key);
  const bool is_token_of_hub = same_registry(asked, kHubKey);
  const bool docker_takes_another = !config.text_of(asked).empty();
  if (is_namespaced(key) || is_token_of_hub || docker_takes_another) return key;
  return same_registry(key, asked) ? key : asked;
}

void mark_moved(PlannedEntry& planned, const ConfigEntry& entry) {
  planned.action = Action::moved;
  planned.reason = remains_of(entry);
  planned.leaves_credential = false;
}

void mark_kept(PlannedEntry& planned, std::string reason) {
  planned.action = Action::kept;
  planned.reason = std::move(reason);
}

MigrationStatus status_of(const PlannedFile& file, bool refused) {
  const auto& entries = file.entries;
  if (std::ranges::any_of(entries, &PlannedEntry::leaves_credential))
    return MigrationStatus::partial;
  if (refused) return MigrationStatus::refused;
  return file.new_text ? MigrationStatus::migrated : MigrationStatus::unchanged;
}

// How docker finds an entry that stays once credsStore is set: an empty helper means this file.
void keep_working(const ConfigEntry& entry, const DockerConfig& config, ConfigEdit& edit) {
  const bool hidden_already = !config.creds_store().empty();
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
    if (planned->second < taken_over_) {
      return helper_->source.path + " has another login for it; take one of the two out";
    }
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
  plan_.credentials.push_back({copy(credential), std::move(before)});
  return {};
}

bool Planner::may_replace(const Credential& stored) const {
  return replace_ || std::ranges::any_of(own_, [&](const PlannedCredential& own) {
           return own.wanted.server == stored.server && same_credential(own.wanted, stored);
         });
}

// Takes the login of an entry into the plan, as that of `server`; the reason if it cannot be.
std::string Planner::claim_entry(const DockerConfig& config, const ConfigEntry& entry,
                                 const std::string& server, PlannedEntry& planned) {
  if (!entry.credential) return entry.problem;
  if (std::string reason = unfit(*entry.credential); !reason.empty()) return reason;
  std::vector<std::string> servers{server};
  // What the store has for exactly the host that docker asks for would answer instead of this one.
  const std::string asked = asked_as(entry.key);
  const bool another_spelling = asked != server && same_registry(asked, server);
  const bool has_own_entry = !config.text_of(asked).empty();
  if (another_spelling && !has_own_entry && store_.get(asked)) servers.push_back(asked);
  for (const auto& name : servers) {
    const Credential& login = *entry.credential;
    std::string reason = claim({name, login.username, login.secret.copy()});
    if (!reason.empty()) return reason;
  }
  planned.stored_as = std::move(servers);
  return {};
}

// What podman and its kin find in files alone stays there. Others ask for it here too.
std::string Planner::part_of_registry(const DockerConfig& config, const ConfigEntry& entry) {
  PlannedEntry copy;
  std::string reason = claim_entry(config, entry, entry.key, copy);
  if (reason.empty()) reason = "is in the " + std::string(store_.name_for(entry.key)) + " too";
  reason +=
      "; stays because podman, skopeo and buildah look for a part of a registry in files alone";
  return reason;
}

// Why a login that a helper gave us is none for others to ask us for; else empty.
std::string unfit_login(const Credential& credential) {
  if (credential.username.empty()) return "the username is empty";
  if (credential.secret.empty()) return "the password is empty";
  const bool holds_nul = credential.username.find('\0') != std::string::npos ||
                         credential.secret.reveal().find('\0') != std::string_view::npos;
  if (holds_nul) return "the login holds a NUL";
  return unfit(credential);
}

void Planner::take_over(const HelperCredentials& from) {
  PlannedFile file;
  file.source.path = from.source->name();
  for (const auto& login : from.logins) {
    PlannedEntry planned{login.server, login.username, Action::moved, "", "", false};
    std::string reason = login.credential ? unfit_login(*login.credential) : login.problem;
    if (reason.empty()) reason = claim(*login.credential);
    if (reason.empty()) {
      planned.store = store_.name_for(login.server);
      planned.stored_as = {login.server};
    } else {
      mark_kept(planned, std::move(reason));
      planned.leaves_credential = true;
      left_to_it_.insert(login.server);
    }
    file.entries.push_back(std::move(planned));
  }
  const bool moves = left_to_it_.size() < file.entries.size();
  file.status = !left_to_it_.empty() ? MigrationStatus::partial
                : moves              ? MigrationStatus::migrated
                                     : MigrationStatus::unchanged;
  // Where all stays, nothing is gained by stepping between.
  if (moves || file.entries.empty()) replaced_ = from.helper;
  taken_over_ = plan_.credentials.size();
  helper_ = std::move(file);
}

// In each place in which `config` names the helper that we replace; whether there is one. What
// would say no more than credsStore goes.
bool Planner::take_place(const DockerConfig& config, ConfigEdit& edit) const {
  if (replaced_.empty()) return false;
  const bool all_are_ours = !is_foreign(config.creds_store());
  bool is_named = config.creds_store() == replaced_;
  for (const auto& [server, helper] : config.cred_helpers()) {
    if (helper != replaced_ || left_to_it_.contains(server)) continue;
    is_named = true;
    if (all_are_ours) {
      edit.helpers_to_remove.insert(server);
    } else {
      edit.cred_helpers.emplace(server, kHelperName);
    }
  }
  for (const auto& server : left_to_it_) {
    if (config.creds_store() != replaced_ || config.cred_helpers().contains(server)) continue;
    edit.cred_helpers.emplace(server, replaced_);
  }
  return is_named;
}

MigrationPlan Planner::take() && {
  if (helper_) plan_.files.push_back(std::move(*helper_));
  return std::move(plan_);
}

void Planner::plan_config(PlannedFile& file) {
  const DockerConfig config = parse_config(file.source);
  ConfigEdit edit;
  for (const auto& entry : config.entries()) {
    PlannedEntry planned = describe(entry);
    if (entry.holds_credential || !entry.problem.empty()) {
      const std::string helper = other_helper(config, entry.key);
      const bool in_part = is_namespaced(entry.key);
      std::string reason =
          !helper.empty() ? "docker asks another helper for it, " + helper
          : in_part       ? part_of_registry(config, entry)
                          : claim_entry(config, entry, name_in_store(config, entry.key), planned);
      if (reason.empty()) {
        mark_moved(planned, entry);
        planned.store = store_.name_for(planned.stored_as.front());
        edit.emptied.insert(entry.key);
        forget_file_lookup(entry, config, edit);
      } else {
        mark_kept(planned, std::move(reason));
        if (helper.empty() && !in_part) keep_working(entry, config, edit);
      }
    }
    file.entries.push_back(std::move(planned));
  }
  const std::string& helper = config.creds_store();
  const bool foreign = is_foreign(helper);
  if (foreign) {
    file.reason =
        helper_ && helper_->source.path.ends_with('-' + helper)
            ? "docker goes on asking " + helper_->source.path + ", which keeps its logins"
            : "credsStore names another helper, " + helper + "; take that line out to move on";
  } else if (helper != kHelperName) {
    edit.creds_store = kHelperName;
  }
  const bool steps_in = take_place(config, edit);
  std::string text = config.edited(edit);
  if (!file.source.text || text != *file.source.text) {
    if (!foreign || !edit.emptied.empty() || steps_in) file.new_text = std::move(text);
  }
  file.status = status_of(file, foreign && !steps_in);
}

void Planner::plan_dockercfg(PlannedFile& file) {
  const DockerConfig none = DockerConfig::parse("");
  for (const auto& entry : named(file.source, parse_dockercfg)) {
    PlannedEntry planned = describe(entry);
    if (entry.holds_credential || !entry.problem.empty()) {
      std::string reason = claim_entry(none, entry, name_in_store(none, entry.key), planned);
      if (reason.empty()) {
        reason = "is in the " + std::string(store_.name_for(planned.stored_as.front())) +
                 " too; this file is never written: delete it when docker works without";
      }
      mark_kept(planned, std::move(reason));
    }
    file.entries.push_back(std::move(planned));
  }
  file.status = status_of(file, false);
}

std::string Planner::claim_auth_entry(const SourceFile& source, const DockerConfig& config,
                                      const ConfigEntry& entry, PlannedEntry& planned) {
  if (!source.held_back.empty()) return source.held_back;
  const std::string helper = own_helper(config, entry.key).value_or(kHelperName);
  if (helper != kHelperName) return "the file names another helper for it, " + helper;
  if (is_namespaced(entry.key))
    return "is a part of a registry, and helpers are asked for whole ones";
  // These tools ask for the host; an entry that has it for its key goes before one with a scheme.
  const std::string asked = asked_as(entry.key);
  const bool is_hidden = asked != entry.key && !config.text_of(asked).empty();
  return claim_entry(config, entry, is_hidden ? entry.key : asked, planned);
}

// A login that moves takes its entry with it, as at logout; without that the file would show one.
void Planner::plan_auth_file(PlannedFile& file) {
  const DockerConfig config = parse_config(file.source);
  ConfigEdit edit;
  for (const auto& entry : config.entries()) {
    PlannedEntry planned = describe(entry);
    if (entry.holds_credential || !entry.problem.empty()) {
      std::string reason = claim_auth_entry(file.source, config, entry, planned);
      if (reason.empty()) {
        mark_moved(planned, entry);
        planned.store = store_.name_for(planned.stored_as.front());
        (planned.reason.empty() ? edit.removed : edit.emptied).insert(entry.key);
      } else {
        mark_kept(planned, std::move(reason));
      }
    }
    file.entries.push_back(std::move(planned));
  }
  if (!edit.removed.empty() || !edit.emptied.empty()) file.new_text = config.edited(edit);
  file.status = status_of(file, false);
  if (file.source.is_volatile && file.status != MigrationStatus::unchanged) {
    file.reason = "a file in the runtime folder: what stays in it is lost at logout or restart";
  }
}

void Planner::add(const SourceFile& source) {
  PlannedFile file;
  file.source = source;
  switch (source.kind) {
    case FileKind::docker_config:
      plan_config(file);
      break;
    case FileKind::dockercfg:
      plan_dockercfg(file);
      break;
    case FileKind::containers_auth:
      plan_auth_file(file);
      break;
  }
  plan_.files.push_back(std::move(file));
}

}  // namespace

DockerConfig parse_config(const SourceFile& source) { return named(source, DockerConfig::parse); }

bool PlannedCredential::is_stored() const { return before && same_credential(*before, wanted); }

MigrationPlan plan_migration(std::span<const SourceFile> sources, Store& store, bool replace,
                             std::span<const PlannedCredential> own,
                             const HelperCredentials* from) {
  Planner planner(store, replace, own);
  if (from != nullptr) planner.take_over(*from);
  for (const auto& source : sources) planner.add(source);
  return std::move(planner).take();
}

}  // namespace cred
