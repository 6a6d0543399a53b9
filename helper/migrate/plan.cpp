// SPDX-License-Identifier: MIT
#include "helper/migrate/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "helper/files/docker_lookup.h"
#include "helper/files/known_helpers.h"
#include "helper/files/verdict.h"
#include "helper/migrate/draft.h"
#include "helper/migrate/planned_store.h"
#include "helper/servers/server_address.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"

namespace cred {
namespace {

// Why a credential that a helper gave us is none for others to ask us for.
std::optional<Refusal> unfit(const HelperCredential& given) {
  if (!given.credential) return given.refusal;
  const auto& [server, username, secret] = *given.credential;
  if (auto refusal = why_no_login(username, secret.reveal())) return refusal;
  return why_not_stored(*given.credential);
}

// What to do about a helper that docker asks for everything.
std::string cure_of(const std::string& helper) {
  if (mints_tokens(helper))
    return "; name it in credHelpers for its own registry, and remove it from credsStore";
  const std::string command = shell_command({kProgram, "migrate", "--from", helper});
  return command.empty() ? "" : "; to move its logins here and take its place: " + command;
}

PlannedEntry lost(const HelperCredential& given) {
  PlannedEntry entry{given.server, "", Action::skipped, std::nullopt, given.refusal->reason};
  entry.is_lost = true;
  return entry;
}

class Planner {
 public:
  Planner(Store& store, bool replace, std::span<const PlannedCredential> own)
      : store_(store, replace, own) {}

  // Before the files.
  void take_over(const HelperCredentials& from) {
    PlannedFile file;
    file.source.path = from.source->name();
    asked_ = from.helper;
    for (const auto& given : from.credentials) {
      if (from.is_gone) {
        if (!store_.knows(given.server)) file.entries.push_back(lost(given));
        continue;
      }
      PlannedEntry planned{given.server, given.username, Action::moved, std::nullopt, ""};
      std::optional<Refusal> refusal = unfit(given);
      if (!refusal) refusal = store_.claim(*given.credential);
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
    store_.end_of_helper(file.source.path);
    helper_ = std::move(file);
  }

  void add(std::span<const SourceFile> sources) {
    std::vector<Draft> drafts(sources.begin(), sources.end());
    keep_answers(drafts);
    for (auto& draft : drafts) add(draft);
  }

  [[nodiscard]] MigrationPlan take() && {
    if (helper_) plan_.files.push_back(std::move(*helper_));
    plan_.credentials = std::move(store_).take();
    return std::move(plan_);
  }

 private:
  // What the store answers already for a host, it goes on to answer, unless a file is read for it
  // now.
  void keep_answers(std::span<const Draft> drafts) {
    std::vector<const DockerConfig*> asking;
    for (const auto& draft : drafts) {
      if (draft.format().obeys_creds_store) asking.push_back(&draft.config);
    }
    for (const auto& draft : drafts) {
      for (const auto& [server, helper] : draft.config.cred_helpers()) {
        if (helper == kHelperName) store_.keep_answer(server);
      }
      for (const auto& of_host : hosts_of(draft.config)) {
        const std::string& host = of_host.host;
        const auto asks = [&](const DockerConfig* config) { return asks_us(host, *config); };
        if (asking.empty() || std::ranges::any_of(asking, asks)) store_.keep_answer(host);
      }
    }
  }

  [[nodiscard]] bool reads_file(const std::string& host, const DockerConfig& config) const {
    return config.helper_for(host).empty() && !is_foreign(config.creds_store());
  }
  [[nodiscard]] bool asks_us(const std::string& host, const DockerConfig& config) const {
    const std::string& helper = config.helper_for(host);
    return !helper.empty() && !is_foreign(helper);
  }

  void add(Draft& draft) {
    PlannedFile& file = draft.file;
    const SourceFile& source = file.source;
    const bool is_held_back = draft.format().obeys_creds_store && source.held_back;
    if (draft.format().obeys_creds_store && !is_held_back) {
      for (const auto& of_host : hosts_of(draft.config)) plan_host(of_host, draft);
      finish_config(draft);
    } else {
      for (std::size_t i = 0; i < file.entries.size(); ++i) {
        plan_entry(i, draft);
        finish_entry(i, draft);
      }
      const bool changes = !draft.edit.removed.empty() || !draft.edit.emptied.empty();
      if (changes) file.new_text = draft.config.edited(draft.edit);
      file.status = status_of(file, is_held_back);
    }
    if (is_held_back && file.status == MigrationStatus::refused) {
      file.reason = source.held_back->reason;
    }
    if (source.is_volatile && file.status != MigrationStatus::unchanged) {
      file.reason = "a file in the runtime folder: what stays in it is lost at logout or restart";
    }
    plan_.files.push_back(std::move(file));
  }

  // Once credsStore names us, docker is to find for `host` one of the logins that it takes now.
  void plan_host(const HostEntries& of_host, Draft& draft) {
    const auto& [host, entries] = of_host;
    const bool in_file = reads_file(host, draft.config);
    const auto mark = store_.mark();
    for (const auto i : entries) plan_entry(i, draft);
    if (in_file || asks_us(host, draft.config)) {
      const auto refusal = keep_working(of_host, draft);
      if (refusal && in_file) {
        store_.take_back(mark);
        leave_in_file(of_host, *refusal, draft);
      }
    }
    if (in_file) store_.keep_answer(host);
    for (const auto i : entries) finish_entry(i, draft);
    const bool moves = std::ranges::any_of(
        entries, [&](std::size_t i) { return draft.file.entries[i].action == Action::moved; });
    if (moves && in_file) draft.edit.helpers_to_remove.insert(host);
  }

  // The entry as it will be, and its credential in the plan.
  void plan_entry(std::size_t i, Draft& draft) {
    const ConfigEntry& entry = draft.config.entries()[i];
    const Verdict verdict = verdict_on(entry, draft.config, draft.format());
    PlannedEntry& planned = draft.file.entries[i] = describe(entry, verdict);
    if (verdict.fate == Fate::nothing) return;
    if (const auto& held_back = draft.file.source.held_back) {
      planned.reason = held_back->reason;
    } else if (verdict.fate == Fate::copied) {
      planned.reason = copy_entry(entry, draft, planned);
    } else if (verdict.fate == Fate::moves) {
      if (const auto refusal = claim_entry(entry, draft, planned)) {
        planned.reason = refusal->reason;
      } else {
        planned.action = Action::moved;
      }
    }
  }

  void finish_entry(std::size_t i, Draft& draft) {
    PlannedEntry& planned = draft.file.entries[i];
    if (planned.action != Action::moved) return;
    planned.store = store_.id_for(planned.stored_as.front());
    empty_entry(planned, draft.config.entries()[i], draft);
  }

  // Has the store answer for `host` with what docker may take from the file now; why it cannot.
  [[nodiscard]] std::optional<Refusal> keep_working(const HostEntries& of_host, Draft& draft) {
    const auto& entries = draft.config.entries();
    const auto taken = taken_for(of_host, draft.config);
    const auto is_login = [&](std::size_t i) { return answers_docker(entries[i]); };
    const auto login = std::ranges::find_if(taken, is_login);
    if (login == taken.end()) return std::nullopt;
    const auto* answer = store_.answer(of_host.host);
    const auto answers = [&](std::size_t i) {
      return answer != nullptr && entries[i].credential &&
             same_credential(*entries[i].credential, *answer);
    };
    if (std::ranges::any_of(taken, answers)) return std::nullopt;
    Refusal refusal{std::string(draft.format().reader) + " would no longer find the login of " +
                    entries[*login].key};
    for (const auto i : taken) {
      auto& servers = draft.file.entries[i].stored_as;
      if (servers.empty()) continue;
      const Credential& wanted = *entries[i].credential;
      auto refused = store_.claim({of_host.host, wanted.username, wanted.secret.copy()});
      if (!refused) {
        servers.push_back(of_host.host);
        return std::nullopt;
      }
      refusal = std::move(*refused);
    }
    return refusal;
  }

  // An empty helper means the file. Only docker knows that. What is stored besides goes on to be.
  void leave_in_file(const HostEntries& of_host, const Refusal& refusal, Draft& draft) {
    const auto& [host, entries] = of_host;
    bool is_said = false;
    for (const auto i : entries) {
      PlannedEntry& planned = draft.file.entries[i];
      const bool is_copied = planned.action == Action::kept && !planned.stored_as.empty() &&
                             !store_.claim(*draft.config.entries()[i].credential);
      if (!planned.stored_as.empty() && !is_copied) planned.reason = refusal.reason;
      planned.stored_as.clear();
      if (is_copied) planned.stored_as = {planned.server};
      if (planned.action == Action::moved) planned.action = Action::kept;
      if (!planned.leaves_credential || std::exchange(is_said, true)) continue;
      planned.reason += "; " + std::string(draft.format().reader) + " reads it here";
      // For the Hub these tools look by another name.
      if (&draft.format() != &kDockerConfigFormat || host == kHubKey) continue;
      const char* const found = store_.answer(host) == nullptr ? "no login" : "the stored one";
      planned.reason += ", podman, skopeo and buildah find " + std::string(found) + " for " + host;
    }
    if (!draft.config.cred_helpers().contains(host)) draft.edit.cred_helpers.emplace(host, "");
  }

  [[nodiscard]] Verdict verdict_on(const ConfigEntry& entry, const DockerConfig& config,
                                   const LoginFormat& format) const {
    return judge(entry, config, format, [&](const std::string& helper, const std::string& server) {
      const bool is_replaced = format.obeys_creds_store && helper == replaced_;
      return is_ours(helper) || (is_replaced && !left_to_it_.contains(server));
    });
  }

  // Stores what stays in the file as well; what is to be said of it.
  [[nodiscard]] std::string copy_entry(const ConfigEntry& entry, const Draft& draft,
                                       PlannedEntry& planned) {
    const std::string why_it_stays = planned.reason;
    const auto refusal = claim_entry(entry, draft, planned);
    // Then the file is not one to delete.
    if (refusal && draft.format().rewriting == LoginFormat::Rewriting::none) return refusal->reason;
    return (refusal ? refusal->reason
                    : "is in the " + std::string(store_.id_for(planned.stored_as.front()).name()) +
                          " too") +
           "; " + why_it_stays;
  }

  // What a config.json says of us besides its entries.
  void finish_config(Draft& draft) const {
    auto& [config, file, edit] = draft;
    const std::string& helper = config.creds_store();
    const bool foreign = is_foreign(helper);
    if (foreign) {
      file.reason = helper == asked_ ? "docker goes on asking " + helper_->source.path +
                                           ", which keeps its logins"
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
  [[nodiscard]] std::optional<Refusal> claim_entry(const ConfigEntry& entry, const Draft& draft,
                                                   PlannedEntry& planned) {
    const Credential& wanted = *entry.credential;
    const std::string server = draft.format().server_in_store(draft.config, entry.key);
    auto refusal = store_.claim({server, wanted.username, wanted.secret.copy()});
    if (!refusal) {
      planned.stored_as = {server};
    } else if (server != entry.key && !draft.format().is_of_containers_tools) {
      // Another entry answers for the host. Docker, which took either, does not miss this one.
      if (!store_.claim(wanted)) {
        planned.stored_as = {entry.key};
        return std::nullopt;
      }
    }
    return refusal;
  }

  PlannedStore store_;
  MigrationPlan plan_;
  std::string asked_;                 // the helper of --from; empty if there is none
  std::string replaced_;              // the helper that we replace; empty if there is none
  std::set<std::string> left_to_it_;  // servers that docker goes on asking of it
  std::optional<PlannedFile> helper_;
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
  planner.add(sources);
  return std::move(planner).take();
}

}  // namespace cred
