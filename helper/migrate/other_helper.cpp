// SPDX-License-Identifier: MIT
#include "helper/migrate/other_helper.h"

#include <algorithm>
#include <set>
#include <utility>

#include "helper/files/docker_config.h"
#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"
#include "platform/helper_store.h"
#include "platform/system/error.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// docker-credential-secretservice 0.9 lists the labels of its items instead of their servers.
constexpr std::string_view kLabel = "Registry credentials for ";

[[noreturn]] void refuse_third(const SourceFile& file, const std::string& third,
                               const std::string& helper) {
  throw Error(Errc::bad_request, file.path + ": docker asks another helper, " + third +
                                     ", and not " + helper + "; give --from " + third +
                                     " first, or take that line out");
}

// Which servers docker asks `helper` for, as far as `files` say.
std::set<std::string> servers_in(std::span<const SourceFile> files, const std::string& helper) {
  std::set<std::string> servers;
  for (const auto& file : files) {
    if (!file.format->obeys_creds_store) continue;
    const DockerConfig config = parse_config(file);
    const auto& all = config.creds_store();
    if (!is_ours(all) && !config.names(helper)) refuse_third(file, all, helper);
    for (const auto& entry : config.entries()) {
      const std::string asked = asked_as(entry.key);
      const bool asks_it = config.helper_for(asked) == helper;
      if (!entry.holds_credential && asks_it) servers.insert({entry.key, asked});
    }
    for (const auto& [server, of] : config.cred_helpers()) {
      if (of == helper) servers.insert(server);
    }
  }
  servers.erase("");
  return servers;
}

// Whether what is erased at the source is erased in `store`: seen by something that is put into the
// one and found in the other. Of docker's own helper for the Secret Service it is known.
bool are_one_store(const HelperCredentials& from, const PlannedFile& moved, Store& store) {
  const auto in_keyring = [](const PlannedEntry& entry) { return entry.store == kKeyringId; };
  if (uses_secret_service(from.helper) && std::ranges::any_of(moved.entries, in_keyring))
    return true;
  const Credential mark{"docker-credential-keyring.invalid", "nobody", Secret("nothing")};
  store.put(mark);
  try {
    const bool found = from.source->get(mark.server).has_value();
    store.erase({{mark.server}});
    return found;
  } catch (const Error&) {
    store.erase({{mark.server}});
    throw;
  }
}

std::optional<Refusal> erase_one(const Credential& credential, Store& source, Store& store) {
  try {
    const auto stored = store.get(credential.server);
    if (!stored || !same_credential(*stored, credential)) {
      return Refusal{"the store has another login by now"};
    }
    const auto now = source.get(credential.server);
    if (now && !same_credential(*now, credential)) {
      return Refusal{"it has another login by now"};
    }
    if (now) source.erase({{credential.server}});
    return std::nullopt;
  } catch (const Error& failure) {
    return Refusal{failure.what()};
  }
}

void say_that_it_stays(PlannedEntry& entry, PlannedFile& file, const std::string& why) {
  entry.reason = "not erased from " + file.source.path + ": " + why;
  entry.leaves_credential = true;
  file.status = MigrationStatus::partial;
}

// A helper may say that it has erased, and find nothing, while its store is locked; but it lists
// what is there.
void check_again(PlannedFile& file, Store& source) {
  std::set<std::string> listed;
  for (const auto& [name, username] : source.list()) {
    listed.insert(name.starts_with(kLabel) ? name.substr(kLabel.size()) : name);
  }
  for (auto& entry : file.entries) {
    if (entry.leaves_credential || !listed.contains(entry.server)) continue;
    say_that_it_stays(entry, file, "it is listed still");
  }
}

void erase_moved(PlannedFile& file, const HelperCredentials& from, Store& store) {
  for (auto& entry : file.entries) {
    if (entry.action != Action::moved) continue;
    const auto given = std::ranges::find(from.credentials, entry.server, &HelperCredential::server);
    const auto refusal = erase_one(*given->credential, *from.source, store);
    if (refusal) {
      say_that_it_stays(entry, file, refusal->reason);
    } else {
      entry.reason = "erased from " + file.source.path;
    }
  }
  check_again(file, *from.source);
}

class Reader {
 public:
  explicit Reader(Store& source) : source_(source) {}

  void read_listed(const std::string& name, const std::string& username) {
    if (trim(name).empty()) return;  // some list what names no server, and nobody asks for it
    HelperCredential given{name, username, std::nullopt, std::nullopt};
    try {
      given.credential = ask(name);
      if (given.credential) {
        given.server = given.credential->server;
        given.username = given.credential->username;
      } else {
        given.refusal = Refusal{"is listed, and cannot be had"};
      }
    } catch (const Error& failure) {
      if (failure.code() != Errc::helper_failed) throw;
      if (!failure_) failure_ = failure;
      given.refusal = Refusal{failure.what()};
    }
    if (seen_.insert(given.server).second) credentials_.push_back(std::move(given));
  }

  void read_unlisted(const std::string& server) {
    if (seen_.contains(server)) return;
    try {
      auto found = source_.get(server);
      if (!found || found->secret.empty()) return;
      seen_.insert(server);
      const std::string username = found->username;
      credentials_.push_back({server, username, std::move(found), std::nullopt});
    } catch (const Error& failure) {
      // Nobody says that it has this one.
      if (failure.code() != Errc::helper_failed) throw;
    }
  }

  [[nodiscard]] std::vector<HelperCredential> take() && {
    const bool some = std::ranges::any_of(
        credentials_, [](const HelperCredential& given) { return given.credential.has_value(); });
    if (failure_ && !some) throw Error(*failure_);
    return std::move(credentials_);
  }

 private:
  // The name that is listed, or the server behind a label.
  [[nodiscard]] std::optional<Credential> ask(const std::string& name) {
    if (name.starts_with(kLabel)) {
      if (auto found = source_.get(name.substr(kLabel.size()))) return found;
    }
    return source_.get(name);
  }

  Store& source_;
  std::set<std::string> seen_;
  std::vector<HelperCredential> credentials_;
  std::optional<Error> failure_;  // the first
};

}  // namespace

void refuse_token_maker(const Environment& environment, const std::string& helper) {
  if (!mints_tokens(helper)) return;
  throw Error(Errc::bad_request,
              helper_program(environment, helper) +
                  " keeps no logins: it makes tokens that last for hours only, so there is nothing "
                  "to move; leave it where credHelpers names it for its registry");
}

HelperCredentials read_helper_credentials(const std::string& helper, Store& source,
                                          std::span<const SourceFile> files) {
  const auto named = servers_in(files, helper);
  Reader reader(source);
  for (const auto& [name, username] : source.list()) reader.read_listed(name, username);
  for (const auto& server : named) reader.read_unlisted(server);
  return {helper, &source, std::move(reader).take()};
}

bool erase_at_source(MigrationPlan& plan, const HelperCredentials& from, Store& store) {
  PlannedFile& file = plan.files.back();
  if (std::ranges::find(file.entries, Action::moved, &PlannedEntry::action) == file.entries.end()) {
    return true;
  }
  try {
    if (are_one_store(from, file, store)) return false;
    erase_moved(file, from, store);
  } catch (const Error& failure) {
    for (auto& entry : file.entries) {
      if (!entry.leaves_credential) say_that_it_stays(entry, file, failure.what());
    }
  }
  return true;
}

}  // namespace cred
