// SPDX-License-Identifier: MIT
// The contract of a store on the vault, and which of two places is taken.
#include "platform/vault/store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <sstream>

#include "platform/open_store.h"
#include "platform/store_choice.h"
#include "platform/system/error.h"
#include "platform/vault/manager.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/store_contract.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

// A home without a bus, with a vault that opens by a key file.
struct BareMachine {
  TemporaryFolder folder;
  Environment environment;
  Settings settings;
  std::ostringstream notes;

  BareMachine() {
    environment.uid = geteuid();
    environment.variables["HOME"] = folder.path() / "home";
    environment.variables["XDG_RUNTIME_DIR"] = folder.path() / "run";
    std::filesystem::create_directory(folder.path() / "home");
    VaultManager(environment, settings, notes)
        .create({SlotKind::key_file, folder.path() / "key", "", ""});
  }
  [[nodiscard]] std::shared_ptr<ServerIndex> index() const {
    return std::make_shared<ServerIndex>(index_file(environment));
  }
};

// A place in memory that can be locked, or not be there.
class MemoryPlace final : public Backend {
 public:
  explicit MemoryPlace(std::string_view name) : name_(name) {}
  using Store::put;
  void put(std::span<const Credential> credentials, const Progress& progress) override {
    check();
    memory.put(credentials, progress);
  }
  std::optional<Credential> get(std::string_view server) override {
    check();
    return memory.get(server);
  }
  void erase(std::span<const std::string> servers) override {
    check();
    memory.erase(servers);
  }
  std::map<std::string, std::string> list() override { return memory.list(); }
  std::vector<std::string> known_servers() override { return memory.known_servers(); }
  [[nodiscard]] std::string_view name() const override { return name_; }
  bool is_there() override { return there; }
  bool may_take(std::string& why_not) override {
    why_not = there ? "" : "it is not there";
    return there;
  }
  bool is_unlocked() override { return there; }

  MemoryStore memory;
  bool there = true;

 private:
  void check() const {
    if (!there) throw Error(Errc::unavailable, "it is not there");
  }
  std::string_view name_;
};

struct Choice {
  TemporaryFolder folder;
  std::shared_ptr<ServerIndex> index =
      std::make_shared<ServerIndex>(folder.path() / "servers.json");
  std::ostringstream notes;
  MemoryPlace* keyring;
  MemoryPlace* vault;
  std::unique_ptr<Store> store;

  explicit Choice(WhichStore setting = WhichStore::automatic) {
    auto first = std::make_unique<MemoryPlace>("keyring");
    auto second = std::make_unique<MemoryPlace>("vault");
    keyring = first.get();
    vault = second.get();
    store = choose_store(setting, std::move(first), std::move(second), index, notes);
  }
  [[nodiscard]] std::string answer(std::string_view server) {
    const auto found = store->get(server);
    return found ? found->username : "(none)";
  }
  void put(const std::string& server, const std::string& username) {
    store->put(Credential{server, username, Secret("s3")});
  }
};

}  // namespace

TEST_CASE("the vault keeps the contract of a store") {
  BareMachine machine;
  SUBCASE("alone") {
    const auto store =
        open_vault_store(machine.environment, machine.settings, machine.index(), machine.notes);
    check_store_contract(*store);
  }
  SUBCASE("as the store of a machine without a bus") {
    const auto store = open_store(machine.environment, machine.settings, machine.notes);
    check_store_contract(*store);
  }
}

TEST_CASE("what was stored is there for the next process") {
  BareMachine machine;
  open_vault_store(machine.environment, machine.settings, machine.index(), machine.notes)
      ->put(Credential{"reg.example", "ada", Secret("s3")});
  const auto store =
      open_vault_store(machine.environment, machine.settings, machine.index(), machine.notes);
  CHECK(store->get("reg.example")->secret.reveal() == "s3");
  CHECK(machine.index()->holder("reg.example") == "vault");
}

TEST_CASE("which of two places") {
  Choice choice;
  SUBCASE("a new server goes to the keyring, and nobody is told") {
    choice.put("a", "ada");
    CHECK(choice.keyring->memory.held.contains("a"));
    CHECK(choice.notes.str().empty());
  }
  SUBCASE("without a keyring to the vault, where it stays") {
    choice.keyring->there = false;
    choice.put("a", "ada");
    CHECK(choice.notes.str().empty());
    Choice later;
    later.index->add_stored({{"a"}}, "vault");
    later.put("a", "bob");
    CHECK(later.vault->memory.held.contains("a"));
    CHECK_FALSE(later.keyring->memory.held.contains("a"));
  }
  SUBCASE("the place that counts answers, and the other is not looked at") {
    choice.index->add_stored({{"a"}}, "keyring");
    choice.index->add_stored({{"a"}}, "vault");
    choice.keyring->memory.put(Credential{"a", "old", Secret("1")});
    choice.vault->memory.put(Credential{"a", "new", Secret("2")});
    choice.keyring->memory.touched.clear();
    CHECK(choice.answer("a") == "new");
    CHECK(choice.keyring->memory.touched.empty());
  }
  SUBCASE("a copy that could not be erased is stale, and erased at the next chance") {
    choice.index->add_stored({{"a"}}, "vault");
    choice.vault->memory.put(Credential{"a", "old", Secret("1")});
    choice.vault->there = false;
    choice.put("a", "new");
    CHECK_FALSE(choice.notes.str().empty());
    CHECK(choice.index->is_stale("a", "vault"));
    choice.vault->there = true;
    choice.keyring->memory.erase({{"a"}});
    CHECK(choice.answer("a") == "(none)");
    CHECK(choice.store->list().empty());
    CHECK(choice.vault->memory.held.empty());
    CHECK_FALSE(choice.index->is_stale("a", "vault"));
  }
  SUBCASE("erase needs proof of each place that is named") {
    choice.index->add_stored({{"a"}}, "vault");
    choice.vault->there = false;
    CHECK_THROWS_AS(choice.store->erase({{"a"}}), Error);
    choice.vault->there = true;
    choice.keyring->there = false;  // and of no other
    choice.store->erase({{"a"}});
    CHECK(choice.index->holder("a").empty());
  }
}

TEST_CASE("a setting names the only place") {
  Choice choice(WhichStore::vault);
  choice.keyring->memory.put(Credential{"a", "kay", Secret("1")});
  CHECK(choice.answer("a") == "(none)");
  choice.put("b", "val");
  CHECK(choice.vault->memory.held.contains("b"));
  CHECK(choice.store->list() == std::map<std::string, std::string>{{"b", "val"}});
}

}  // namespace cred::test
