// SPDX-License-Identifier: MIT
#include "helper/migrate/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "helper/files/known_helpers.h"
#include "helper/files/verdict.h"
#include "helper/protocol/protocol.h"
#include "helper/servers/server_address.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"

namespace cred {
namespace {

// Names what an entry keeps although its credential moves.
std::string remains_of(const ConfigEntry& entry) {
  std::string names = entry.holds_registry_token ? "registrytoken" : "";
  for (const auto& field : entry.unknown_fields) names += (names.empty() ? "" : ", ") + field;
  return names.empty() ? names : "stays in the file: " + names;
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

void mark_moved(PlannedEntry& planned, const ConfigEntry& entry, const DockerConfig& config,
                const LoginFormat& format, ConfigEdit& edit) {
  planned.action = Action::moved;
  planned.reason = remains_of(entry);
  planned.leaves_credential = false;
  // Without its entry podman shows no credential, as after its logout.
  const bool goes = format.rewriting == LoginFormat::Rewriting::remove && planned.reason.empty();
  (goes ? edit.removed : edit.emptied).insert(entry.key);
  if (format.obeys_creds_store) forget_file_lookup(entry, config, edit);
}

// Why a credential that a helper gave us is none for others to ask us for.
std::optional<Refusal> unfit(const HelperCredential& given) {
  if (!given.credential) return given.refusal;
  const auto& [server, username, secret] = *given.credential;
  if (auto refusal = why_no_login(username, secret.reveal())) return refusal;
  return why_not_stored(*given.credential);
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

// What to do about a helper that docker asks for everything.
std::string cure_of(const std::string& helper) {
  if (mints_tokens(helper))
    return "; leave it to its own registry in credHelpers, and take it out of credsStore";
  const std::string command = shell_command({kProgram, "migrate", "--from", helper});
  return command.empty() ? "" : "; to move its logins here and take its place: " + command;
}

PlannedEntry lost(const HelperCredential& given) {
  PlannedEntry entry;
  entry.server = given.server;
  entry.reason = given.refusal->reason;
  entry.is_lost = true;
  return entry;
}

class Planner {
 public:
  Planner(Store& store, bool replace, std::span<const PlannedCredential> own)
      : store_(store), replace_(replace), own_(own) {}

  // Before the files.
  void take_over(const HelperCredentials& from) {
    PlannedFile file;
    file.source.path = from.source->name();
    for (const auto& given : from.credentials) {
      if (from.is_gone) {
        if (!is_known(given.server)) file.entries.push_back(lost(given));
        continue;
      }
      PlannedEntry planned{given.server, given.username, Action::moved, std::nullopt, ""};
      std::optional<Refusal> refusal = unfit(given);
      if (!refusal) refusal = claim(*given.credential);
      if (!refusal) {
        planned.store = store_.id_for(given.server);
        planned.stored_as = {given.server};
      } else {
        planned.action = Action::kept;
        planned.reason = std::move(refusal->reason);
        planned.leaves_credential = true;
        left_to_it_.insert(given.server);
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

  void add(const SourceFile& source) {
    PlannedFile file;
    file.source = source;
    const DockerConfig config = parse_config(source);
    ConfigEdit edit;
    for (const auto& entry : config.entries()) {
      file.entries.push_back(plan_entry(entry, config, source, edit));
    }
    if (source.format->obeys_creds_store) {
      finish_config(file, config, edit);
    } else {
      if (!edit.removed.empty() || !edit.emptied.empty()) file.new_text = config.edited(edit);
      file.status = status_of(file, false);
    }
    if (source.is_volatile && file.status != MigrationStatus::unchanged) {
      file.reason = "a file in the runtime folder: what stays in it is lost at logout or restart";
    }
    plan_.files.push_back(std::move(file));
  }

  [[nodiscard]] MigrationPlan take() && {
    if (helper_) plan_.files.push_back(std::move(*helper_));
    return std::move(plan_);
  }

 private:
  // The entry as it will be; what has to be done to the file for it goes into `edit`.
  [[nodiscard]] PlannedEntry plan_entry(const ConfigEntry& entry, const DockerConfig& config,
                                        const SourceFile& source, ConfigEdit& edit) {
    const LoginFormat& format = *source.format;
    const Verdict verdict = verdict_on(entry, config, format);
    PlannedEntry planned = describe(entry, verdict);
    if (verdict.fate == Fate::nothing) return planned;
    if (source.held_back) {
      planned.reason = source.held_back->reason;
    } else if (verdict.fate == Fate::copied) {
      planned.reason = copy_entry(entry, config, format, planned);
    } else if (verdict.fate == Fate::moves) {
      const auto refusal = claim_entry(entry, config, format, planned);
      if (!refusal) {
        mark_moved(planned, entry, config, format, edit);
        planned.store = store_.id_for(planned.stored_as.front());
        return planned;
      }
      planned.reason = refusal->reason;
    }
    if (format.obeys_creds_store && verdict.helper.empty() && !is_namespaced(entry.key)) {
      keep_working(entry, config, edit);
    }
    return planned;
  }

  [[nodiscard]] Verdict verdict_on(const ConfigEntry& entry, const DockerConfig& config,
                                   const LoginFormat& format) const {
    return judge(entry, config, format, [&](const std::string& helper, const std::string& server) {
      const bool is_replaced = format.obeys_creds_store && helper == replaced_;
      return is_ours(helper) || (is_replaced && !left_to_it_.contains(server));
    });
  }

  // Stores what stays in the file as well; what is to be said of it.
  [[nodiscard]] std::string copy_entry(const ConfigEntry& entry, const DockerConfig& config,
                                       const LoginFormat& format, PlannedEntry& planned) {
    const std::string why_it_stays = planned.reason;
    const auto refusal = claim_entry(entry, config, format, planned);
    // Then the file is not one to delete.
    if (refusal && format.rewriting == LoginFormat::Rewriting::none) return refusal->reason;
    return (refusal ? refusal->reason
                    : "is in the " + std::string(store_.id_for(planned.stored_as.front()).name()) +
                          " too") +
           "; " + why_it_stays;
  }

  // What a config.json says of us besides its entries.
  void finish_config(PlannedFile& file, const DockerConfig& config, ConfigEdit& edit) const {
    const std::string& helper = config.creds_store();
    const bool foreign = is_foreign(helper);
    if (foreign) {
      file.reason =
          helper_ && helper_->source.path.ends_with('-' + helper)
              ? "docker goes on asking " + helper_->source.path + ", which keeps its logins"
              : "docker asks another helper, " + helper + cure_of(helper);
    } else if (helper != kHelperName) {
      edit.creds_store = kHelperName;
    }
    const bool steps_in = replace_helper(config, edit);
    std::string text = config.edited(edit);
    if (!file.source.text || text != *file.source.text) {
      if (!foreign || !edit.emptied.empty() || steps_in) file.new_text = std::move(text);
    }
    file.status = status_of(file, foreign && !steps_in);
  }

  // Wherever `config` names the helper that we replace, it names us; whether there is one. What
  // would say no more than credsStore goes.
  [[nodiscard]] bool replace_helper(const DockerConfig& config, ConfigEdit& edit) const {
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

  [[nodiscard]] bool is_foreign(const std::string& helper) const {
    return !is_ours(helper) && helper != replaced_;
  }

  // Takes the credential of an entry into the plan, unless there is another one for its server.
  [[nodiscard]] std::optional<Refusal> claim_entry(const ConfigEntry& entry,
                                                   const DockerConfig& config,
                                                   const LoginFormat& format,
                                                   PlannedEntry& planned) {
    std::vector<std::string> servers{format.server_in_store(config, entry.key)};
    // What the store has for exactly the host that is asked for would answer instead of this one.
    const std::string asked = asked_as(entry.key);
    const bool another_spelling = asked != servers.front() && same_registry(asked, servers.front());
    const bool has_own_entry = !config.text_of(asked).empty();
    if (another_spelling && !has_own_entry && store_.get(asked)) servers.push_back(asked);
    for (const auto& server : servers) {
      const Credential& wanted = *entry.credential;
      if (auto refusal = claim({server, wanted.username, wanted.secret.copy()})) return refusal;
    }
    planned.stored_as = std::move(servers);
    return std::nullopt;
  }

  // Whether somebody has logged in there since, as far as it is known without asking.
  [[nodiscard]] bool is_known(const std::string& server) {
    return std::ranges::any_of(store_.known_servers(), [&](const std::string& known) {
      return same_registry(known, server);
    });
  }

  // Takes a credential into the plan, unless there is another one.
  [[nodiscard]] std::optional<Refusal> claim(const Credential& credential) {
    if (const auto planned = positions_.find(credential.server); planned != positions_.end()) {
      Credential& wanted = plan_.credentials[planned->second].wanted;
      if (same_credential(wanted, credential)) return std::nullopt;
      if (planned->second < taken_over_) {
        return Refusal{helper_->source.path + " has another login for it; take one of the two out"};
      }
      if (!replace_) {
        return Refusal{"another file has another login for it; --replace lets the last one win"};
      }
      wanted.username = credential.username;
      wanted.secret = credential.secret.copy();
      return std::nullopt;
    }
    auto before = store_.get(credential.server);
    if (before && !same_credential(*before, credential) && !may_replace(*before)) {
      return Refusal{"the " + std::string(store_.id_for(credential.server).name()) +
                     " holds another login for it, of " + before->username +
                     "; --replace lets this one win"};
    }
    positions_.emplace(credential.server, plan_.credentials.size());
    plan_.credentials.push_back({copy(credential), std::move(before)});
    return std::nullopt;
  }

  [[nodiscard]] bool may_replace(const Credential& stored) const {
    return replace_ || std::ranges::any_of(own_, [&](const PlannedCredential& own) {
             return own.wanted.server == stored.server && same_credential(own.wanted, stored);
           });
  }

  Store& store_;
  bool replace_;
  std::span<const PlannedCredential> own_;
  MigrationPlan plan_;
  std::map<std::string, std::size_t, std::less<>> positions_;  // server → plan_.credentials

  std::string replaced_;              // the helper that we replace; empty if there is none
  std::set<std::string> left_to_it_;  // servers that docker goes on asking of it
  std::optional<PlannedFile> helper_;
  std::size_t taken_over_ = 0;  // how many of plan_.credentials are the helper's
};

}  // namespace

DockerConfig parse_config(const SourceFile& source) {
  try {
    return source.format->parse(source.text.value_or(""));
  } catch (const Error& failure) {
    throw Error(failure.code(), source.path + ": " + failure.what());
  }
}

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
