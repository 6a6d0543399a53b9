// SPDX-License-Identifier: MIT
// Where credentials live. Three headers open one: platform/keyring/store.h, platform/vault/store.h,
// and platform/helper_store.h, which is another program's helper; platform/open_store.h chooses
// between the first two. helper/ reads and writes credentials through this class alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/store_id.h"
#include "platform/system/error.h"
#include "platform/system/secret.h"

namespace cred {

struct Credential {
  std::string server;  // as docker spelled it; never normalised
  std::string username;
  Secret secret;
};

[[nodiscard]] inline Credential copy(const Credential& credential) {
  return {credential.server, credential.username, credential.secret.copy()};
}

// What stands between somebody and a credential that is known to be stored.
enum class Reach {
  unlocked,  // nothing
  locked,    // its store has to be unlocked
  absent,    // its store is not there now, or does not answer
};

// A credential as people are shown it: without its secret.
struct ListedCredential {
  std::string server;
  std::string username;  // empty where it cannot be read now
  StoreId store;
  std::optional<std::uint64_t> stored_at = {};  // seconds since 1970; where that is known
  Reach reach = Reach::unlocked;
};

// Whether both have the same username and secret.
[[nodiscard]] inline bool same_credential(const Credential& a, const Credential& b) {
  return a.username == b.username && same_secret(a.secret, b.secret);
}

// Also of what else has a server.
template <std::ranges::sized_range Credentials>
[[nodiscard]] std::vector<std::string> servers_of(const Credentials& credentials) {
  std::vector<std::string> servers;
  servers.reserve(credentials.size());
  for (const auto& credential : credentials) servers.emplace_back(credential.server);
  return servers;
}
[[nodiscard]] inline std::vector<std::string> servers_of(
    const std::map<std::string, std::string>& usernames) {
  std::vector<std::string> servers;
  servers.reserve(usernames.size());
  for (const auto& [server, username] : usernames) servers.push_back(server);
  return servers;
}

// Called with the number of credentials done so far, and the server of the last of them.
using Progress = std::function<void(std::size_t done, const std::string& server)>;

// Absence is a value; failure is an Error. All strings are UTF-8 without NUL. Servers are compared
// byte for byte: helper/servers/server_address.h knows which spellings mean the same.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Adds each credential in turn; afterwards it is the only one for its server. May ask the user to
  // unlock, once for all. If it fails, those reported done are stored, the others may be.
  virtual void put(std::span<const Credential> credentials, const Progress& progress) = 0;
  void put(const Credential& credential) { put({&credential, 1}, nullptr); }

  // Asks the user to unlock as put() of `servers` would, and puts nothing. Throws as put() does.
  virtual void unlock_for(std::span<const std::string> /*servers*/) {}

  // Returns nullopt if nothing is stored for `server`; the newest if several are. Asks the user to
  // unlock only if the store has or may have that server.
  virtual std::optional<Credential> get(std::string_view server) = 0;

  // Returns when nothing is stored for any of `servers`, whether or not anything was. Asks like
  // get().
  virtual void erase(std::span<const std::string> servers) = 0;

  // What is stored for `older` answers no more, if it is proven that exactly `newest` is stored for
  // its own server. Never fails; what cannot be removed is left.
  virtual void remove_replaced(const Credential& newest, std::span<const std::string> older) {
    try {
      const auto stored = get(newest.server);
      if (stored && same_credential(*stored, newest)) erase(older);
    } catch (const Error&) {
      return;
    }
  }

  // Maps each server to its username, which is empty where it cannot be read while the store is
  // locked. Never asks, never loads a secret.
  virtual std::map<std::string, std::string> list() = 0;

  // The same in more detail, in the order of servers.
  virtual std::vector<ListedCredential> list_details() {
    std::vector<ListedCredential> listed;
    for (auto& [server, username] : list()) {
      listed.push_back({server, std::move(username), id_for(server)});
    }
    return listed;
  }

  // list() for who gets each server that it names, and gives up at the first that fails: what lies
  // where get() cannot succeed from here, not even by asking, is left out, and people are told;
  // all of it is listed where get() could succeed nowhere.
  virtual std::map<std::string, std::string> list_gettable() { return list(); }

  // The servers that this store may hold, as cheaply as they can be known: a server that is not
  // among them may still be found by get(). Never asks, never fails.
  virtual std::vector<std::string> known_servers() = 0;

  // The stores that may hold servers which known_servers() lacks: they are locked, and the index
  // does not know all that they hold. Never asks, never fails.
  [[nodiscard]] virtual std::vector<StoreId> half_known() { return {}; }

  // How people are told of this store: "keyring".
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Of the store that has, or would take, `server`: this one, or one of those it stands for.
  [[nodiscard]] virtual StoreId id_for(std::string_view server) = 0;

  // Whether there is one, locked or not; also one that is out of reach and is known to hold
  // something. Never asks.
  [[nodiscard]] virtual bool exists() { return true; }

  // Why put() of a new server cannot work now, not even after asking. Never asks.
  [[nodiscard]] virtual std::optional<Refusal> obstacle() { return std::nullopt; }
};

}  // namespace cred
