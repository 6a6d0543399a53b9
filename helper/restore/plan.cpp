// SPDX-License-Identifier: MIT
#include "helper/restore/plan.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "helper/files/docker_config.h"
#include "helper/files/docker_lookup.h"
#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "platform/store/docker_names.h"

namespace cred {
namespace {

constexpr const char* kTakeOut =
    "the file has another login for it; take that entry out to restore this one";

class Planner {
 public:
  Planner(const SourceFile& source, Store& store, const RestoreWish& wish)
      : store_(store), wish_(wish), config_(parse_config(source)) {
    plan_.source = source;
    for (auto& of_host : hosts_of(config_)) hosts_.emplace(of_host.host, std::move(of_host));
  }

  void restore_all() {
    const auto is_answered = [&](const std::string& key) { return is_ours(helper_for(key)); };
    std::set<std::string> seen;
    for (const auto& entry : config_.entries()) {
      if (!names_what_it_gave()) break;
      seen.insert(entry.key);
      if (is_answered(entry.key)) restore(entry.key, entry.key, false);
    }
    // Unlocking, as reading may do, can bring to light what was not listed before.
    for (bool found_more = true; found_more;) {
      found_more = false;
      for (const auto& [server, username] : store_.list()) {
        if (!seen.insert(server).second) continue;
        found_more = true;
        if (goes_here(server) && is_answered(server)) restore(key_for(server), server, false);
      }
    }
    take_us_out();
    for (const auto& entry : plan_.entries) {
      if (entry.is_written() || helper_for(entry.server) != kHelperName) continue;
      edit_.helpers_to_remove.erase(asked(entry.server));
      edit_.cred_helpers.emplace(asked(entry.server), kHelperName);
    }
    keep_working();
  }

  void restore_some() {
    std::set<std::string> seen;
    for (const auto& server : wish_.servers) {
      const std::string key = key_in_file(server);
      const bool is_named_there = names_what_it_gave() && find_entry(key) != nullptr;
      if (!goes_here(server) && !is_named_there) continue;
      if (seen.insert(key).second) restore(key, server, goes_here(server));
    }
    for (const auto& [key, credential] : edit_.filled) {
      if (helper_for(key).empty()) continue;
      // To all but docker, an empty name is that of a program.
      if (plan_.source.format->obeys_creds_store) {
        edit_.cred_helpers.emplace(asked(key), "");
      } else {
        edit_.helpers_to_remove.insert(asked(key));
      }
    }
    keep_working();
  }

  // With credsStore goes what told docker to read single servers from the file in spite of it.
  void take_us_out() {
    const bool all = plan_.source.format->obeys_creds_store && config_.creds_store() == kHelperName;
    if (all) edit_.creds_store = "";
    for (const auto& [server, helper] : config_.cred_helpers()) {
      if (helper == kHelperName || (all && helper.empty())) edit_.helpers_to_remove.insert(server);
    }
  }

  [[nodiscard]] RestorePlan take() && {
    const bool has_failed = plan_.written() == 0 && plan_.kept() > 0;
    std::string text = config_.edited(edit_);
    if (!has_failed && text != config_.edited({})) plan_.new_text = std::move(text);
    return std::move(plan_);
  }

 private:
  // An entry whose credential has moved is still there, and empty.
  [[nodiscard]] bool names_what_it_gave() const {
    return plan_.source.format->rewriting == LoginFormat::Rewriting::empty;
  }

  [[nodiscard]] bool goes_here(const std::string& server) const {
    return !wish_.goes_here || wish_.goes_here(server);
  }

  [[nodiscard]] std::string asked(const std::string& key) const {
    return plan_.source.format->asked(key);
  }

  // Whom the readers of the file ask for the entry `key`; "" if they read it there.
  [[nodiscard]] std::string helper_for(const std::string& key) const {
    if (plan_.source.format->obeys_creds_store) return config_.helper_for(asked(key));
    const auto own = config_.cred_helpers().find(asked(key));
    return own == config_.cred_helpers().end() ? "" : own->second;
  }

  [[nodiscard]] std::string key_for(const std::string& server) const {
    return plan_.source.format->is_of_containers_tools ? server : auths_key(server);
  }

  // `is_named`: that there is no such credential is worth a word.
  void restore(std::string key, const std::string& server, bool is_named) {
    std::optional<Credential> credential;
    try {
      credential = find_credential(store_, server, /*namespace_fallback=*/false);
    } catch (const Error& failure) {
      if (is_declined(failure.code())) throw;
      if (!plan_.failure) plan_.failure = failure;
      return keep(key, "", failure.what());
    }
    if (!credential || credential->secret.empty()) {
      if (is_named) {
        keep(key, "", "nothing is stored for it");
        plan_.entries.back().is_missing = true;
      }
      return;
    }
    if (find_entry(key) == nullptr) key = key_for(credential->server);
    if (auto refusal = why_not_written(key, *credential)) {
      return keep(key, credential->username, std::move(refusal->reason));
    }
    const ConfigEntry* entry = find_entry(key);
    if (edit_.filled.contains(key) || (entry == nullptr && has_elsewhere(key, *credential))) return;
    if (entry == nullptr || (!entry->holds_credential && !entry->refusal)) {
      if (displaces(key, *credential)) return keep(key, credential->username, kTakeOut);
      return write(key, std::move(*credential));
    }
    if (entry->credential && same_credential(*entry->credential, *credential)) return;
    keep(key, credential->username, kTakeOut);
  }

  // Docker, which finds a login of the host in the file, would take this one instead, or at random.
  [[nodiscard]] bool displaces(const std::string& key, const Credential& credential) const {
    if (!plan_.source.format->obeys_creds_store || !helper_for(key).empty()) return false;
    const auto of_host = hosts_.find(asked_as(key));
    if (of_host == hosts_.end()) return false;
    const auto taken = taken_for(of_host->second, config_);
    const auto entry_at = [&](std::size_t i) -> const ConfigEntry& { return config_.entries()[i]; };
    if (entry_at(taken.front()).key == of_host->first) return false;
    const auto is_login = [&](std::size_t i) { return answers_docker(entry_at(i)); };
    const auto is_same = [&](std::size_t i) {
      return entry_at(i).credential && same_credential(*entry_at(i).credential, credential);
    };
    return std::ranges::any_of(taken, is_login) && std::ranges::none_of(taken, is_same);
  }

  // What the store answers for a host now, docker is to find in the file, where several entries of
  // the host would answer; else it goes on asking us for this host.
  void keep_working() {
    if (!plan_.source.format->obeys_creds_store) return;
    const DockerConfig after = DockerConfig::parse(config_.edited(edit_));
    for (const auto& of_host : hosts_of(after)) {
      const std::string& host = of_host.host;
      const std::string& helper = after.helper_for(host);
      if (helper_for(host) != kHelperName || helper == kHelperName) continue;
      const auto filled = edit_.filled.find(host);
      const bool is_answer = filled != edit_.filled.end() && filled->second->server == host;
      auto now = is_answer ? std::optional(copy(*filled->second))
                           : find_credential(store_, host, /*namespace_fallback=*/false);
      if (!now) continue;
      const auto taken = taken_for(of_host, after);
      const bool all_answer = std::ranges::all_of(taken, [&](std::size_t i) {
        const ConfigEntry& entry = after.entries()[i];
        return entry.credential && same_credential(*entry.credential, *now);
      });
      // Another helper for all the rest would be asked.
      if (!helper.empty()) {
        edit_.helpers_to_remove.erase(host);
        edit_.cred_helpers.insert_or_assign(host, "");
      }
      if (all_answer) continue;
      const bool has_own_entry = after.entries()[taken.front()].key == host;
      if (has_own_entry || why_not_written(host, *now)) {
        edit_.helpers_to_remove.erase(host);
        edit_.cred_helpers.insert_or_assign(host, kHelperName);
      } else {
        write(host, std::move(*now));
      }
    }
  }

  [[nodiscard]] std::optional<Refusal> why_not_written(const std::string& key,
                                                       const Credential& credential) const {
    if (auto refusal = why_no_entry(key, credential)) return refusal;
    if (!plan_.source.format->is_of_containers_tools || !entry_for(credential).is_fragile) {
      return std::nullopt;
    }
    return Refusal{"podman, skopeo and buildah cannot read a username with a colon"};
  }

  void write(const std::string& key, Credential credential) {
    RestoredEntry entry{key, credential.username, store_.id_for(credential.server), ""};
    if (entry_for(credential).is_fragile) {
      entry.reason =
          "docker reads it so, and spoils it when it next writes this file, because of the "
          "colon in the username";
    }
    plan_.entries.push_back(std::move(entry));
    edit_.filled[key] = &credentials_.emplace_back(std::move(credential));
  }

  void keep(const std::string& key, const std::string& username, std::string reason) {
    plan_.entries.push_back({key, username, std::nullopt, std::move(reason)});
  }

  // Whether an entry in another spelling has exactly this credential, or gets it.
  [[nodiscard]] bool has_elsewhere(const std::string& key, const Credential& credential) const {
    const auto is_it = [&](const std::string& other_key, const Credential& other) {
      return same_registry(other_key, key) && same_credential(other, credential);
    };
    return std::ranges::any_of(edit_.filled,
                               [&](const auto& to) { return is_it(to.first, *to.second); }) ||
           std::ranges::any_of(config_.entries(), [&](const ConfigEntry& entry) {
             return entry.credential && is_it(entry.key, *entry.credential);
           });
  }

  // The entry that stands for `server`, in whichever spelling.
  [[nodiscard]] std::string key_in_file(const std::string& server) const {
    if (find_entry(server) != nullptr) return server;
    const auto entry = std::ranges::find_if(config_.entries(), [&](const ConfigEntry& known) {
      return same_registry(known.key, server);
    });
    return entry == config_.entries().end() ? key_for(server) : entry->key;
  }

  [[nodiscard]] const ConfigEntry* find_entry(std::string_view key) const {
    const auto entry = std::ranges::find(config_.entries(), key, &ConfigEntry::key);
    return entry == config_.entries().end() ? nullptr : &*entry;
  }

  Store& store_;
  const RestoreWish& wish_;
  DockerConfig config_;
  std::map<std::string, HostEntries> hosts_;
  RestorePlan plan_;
  ConfigEdit edit_;
  std::deque<Credential> credentials_;  // that edit_ points to
};

}  // namespace

std::size_t RestorePlan::written() const {
  return static_cast<std::size_t>(std::ranges::count(entries, true, &RestoredEntry::is_written));
}

RestorePlan plan_restore(const SourceFile& source, Store& store, const RestoreWish& wish) {
  Planner planner(source, store, wish);
  if (wish.setup_only) {
    planner.take_us_out();
  } else if (wish.servers.empty()) {
    planner.restore_all();
  } else {
    planner.restore_some();
  }
  return std::move(planner).take();
}

void run_restore(ConfigFile& file, RestorePlan& plan, Store& store, const RestoreWish& wish) {
  constexpr int kAttempts = 10;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (!plan.new_text || file.replace(plan.source.text, *plan.new_text)) return;
    plan = plan_restore({plan.source.path, file.read(), plan.source.format}, store, wish);
  }
  throw Error(Errc::io, file.path().string() + ": another program keeps writing it; try again");
}

}  // namespace cred
