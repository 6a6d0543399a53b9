// SPDX-License-Identifier: MIT
// A Store in memory that remembers what was asked of it, and fails when told to.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/store.h"
#include "platform/system/error.h"

namespace cred::test {

class MemoryStore final : public Store {
 public:
  using Store::put;

  void unlock_for(std::span<const std::string> /*servers*/) override {
    if (fail_unlock) throw Error(*fail_unlock, "told to fail");
  }

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    unlock_for(servers_of(credentials));
    std::size_t done = 0;
    for (const auto& credential : credentials) {
      touched.push_back("put " + credential.server);
      if (fail_put_of == credential.server) throw Error(Errc::io, "told to fail");
      const bool garble = garble_secret_of == credential.server;
      held.insert_or_assign(
          credential.server,
          Login{credential.username, garble ? "garbled" : std::string(credential.secret.reveal())});
      if (progress) progress(++done, credential.server);
    }
  }

  std::optional<Credential> get(std::string_view server) override {
    touched.push_back("get " + std::string(server));
    if (fail_get) throw Error(*fail_get, "told to fail");
    const auto found = held.find(std::string(server));
    if (found == held.end()) return std::nullopt;
    return Credential{found->first, found->second.username, Secret(found->second.secret)};
  }

  void erase(std::span<const std::string> servers) override {
    if (fail_erase) throw Error(*fail_erase, "told to fail");
    for (const auto& server : servers) {
      touched.push_back("erase " + server);
      if (fail_erase_of == server) throw Error(Errc::io, "told to keep it");
      held.erase(server);
    }
  }

  std::map<std::string, std::string> list() override {
    touched.emplace_back("list");
    std::map<std::string, std::string> listed;
    for (const auto& [server, credential] : held) listed[server] = credential.username;
    return listed;
  }

  std::vector<std::string> known_servers() override {
    std::vector<std::string> servers;
    for (const auto& [server, credential] : held) servers.push_back(server);
    return servers;
  }

  [[nodiscard]] std::string_view name() const override { return "memory"; }
  [[nodiscard]] StoreId id_for(std::string_view) override { return StoreId("memory"); }

  struct Login {
    std::string username, secret;
    bool operator==(const Login&) const = default;
  };
  std::map<std::string, Login> held;
  std::vector<std::string> touched;  // "put reg", "get reg", …
  std::optional<std::string> fail_put_of, fail_erase_of, garble_secret_of;  // a server each
  std::optional<Errc> fail_get, fail_erase, fail_unlock;
};

}  // namespace cred::test
