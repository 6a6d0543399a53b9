// SPDX-License-Identifier: MIT
// Backends in memory, and the choice between two of them or more.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "platform/store_choice.h"
#include "platform/system/error.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

inline constexpr StoreId kFleetId("fleet");

// A backend in memory that can be locked, or not be there.
class MemoryBackend final : public Backend {
 public:
  MemoryBackend(StoreId id, BackendRoles roles) : id_(id), roles_(roles) {}
  using Store::put;
  void put(std::span<const Credential> credentials, const Progress& progress) override {
    check();
    memory.put(credentials, progress);
  }
  std::optional<Credential> get(std::string_view server) override {
    check();
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    return memory.get(server);
  }
  void erase(std::span<const std::string> servers) override {
    check();
    memory.erase(servers);
  }
  std::map<std::string, std::string> list() override { return memory.list(); }
  std::vector<std::string> known_servers() override { return memory.known_servers(); }
  [[nodiscard]] const StoreId& id() const override { return id_; }
  [[nodiscard]] BackendRoles roles() const override { return roles_; }
  [[nodiscard]] bool claims(const std::string& server) override { return server == claimed; }
  [[nodiscard]] std::optional<Refusal> obstacle() override {
    ++questions;
    if (there && takes) return std::nullopt;
    return Refusal{there ? "it takes nothing" : "it is not there"};
  }
  bool is_there() override { return there; }
  bool is_unlocked() override { return there && open; }
  std::optional<std::uint64_t> stored_at(std::string_view server) override {
    const auto found = dates.find(server);
    return found == dates.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] bool has(const std::string& server) const { return memory.held.contains(server); }

  MemoryStore memory;
  bool there = true;
  bool takes = true;
  bool open = true;
  std::string claimed;                                      // a server
  std::map<std::string, std::uint64_t, std::less<>> dates;  // when a server was stored
  int questions = 0;
  std::function<void()> meanwhile;  // what another process does during a get, once

 private:
  void check() const {
    if (!there) throw Error(Errc::unavailable, "it is not there");
  }
  StoreId id_;
  BackendRoles roles_;
};

struct Choice {
  TemporaryFolder folder;
  std::shared_ptr<ServerIndex> index = std::make_shared<ServerIndex>(folder.path() / "index");
  std::ostringstream notes;
  Backends backends;
  std::unique_ptr<Store> store;
  MemoryBackend& keyring = add(kKeyringId);
  MemoryBackend& vault = add(kVaultId);

  explicit Choice(std::optional<StoreId> setting = std::nullopt) : setting_(setting) {}
  MemoryBackend& add(StoreId id, BackendRoles roles = {}) {
    auto made = std::make_unique<MemoryBackend>(id, roles);
    auto& added = *made;
    backends.push_back(std::move(made));
    return added;
  }
  [[nodiscard]] Store& chosen() {
    if (!store) store = choose_store(setting_, std::move(backends), index, Notes(notes));
    return *store;
  }
  [[nodiscard]] std::string answer(std::string_view server) {
    const auto found = chosen().get(server);
    return found ? found->username : "(none)";
  }
  void put(const std::string& server, const std::string& username) {
    chosen().put(Credential{server, username, Secret("s3")});
  }

 private:
  std::optional<StoreId> setting_;
};

inline void hold(Choice& choice, MemoryBackend& backend, const std::string& server,
                 const std::string& username) {
  choice.index->add_stored({{server}}, backend.id());
  backend.memory.put(Credential{server, username, Secret("1")});
  backend.memory.touched.clear();
}

}  // namespace cred::test
