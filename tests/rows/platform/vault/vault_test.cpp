// SPDX-License-Identifier: MIT
// A vault on a storage that is no file: it knows no path, and trusts no answer that it has not
// read.
#include "platform/vault/vault.h"

#include <doctest/doctest.h>

#include "platform/system/error.h"
#include "platform/vault/manager.h"
#include "platform/vault/store.h"
#include "tests/lab/memory_storage.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"
#include "tests/lab/store_contract.h"

namespace cred::test {
namespace {

// A machine with a key file, and a vault in memory that other machines change too.
struct VaultMachine : QuietMachine {
  MemoryPlace place;

  [[nodiscard]] std::filesystem::path key_file(const std::string& name = "key") const {
    return folder.path() / name;
  }
  [[nodiscard]] VaultManager manager() {
    return {std::make_unique<MemoryStorage>(place), environment, settings, Notes()};
  }
  KeySlot create() { return manager().create({SlotKind::key_file, key_file(), "", ""}).slot; }
  [[nodiscard]] Vault vault(Vault::Gate gate = Vault::refuse_another,
                            std::optional<std::chrono::milliseconds> patience = {}) {
    return {environment, settings,        std::make_unique<MemoryStorage>(place),
            Notes(),     std::move(gate), patience};
  }
  [[nodiscard]] std::unique_ptr<Backend> store() {
    return open_vault_store_in(
        std::make_unique<MemoryStorage>(place),
        {environment, settings, std::make_shared<ServerIndex>(index_file(environment)), Notes()});
  }
};

void add(Vault& vault, const std::string& server, const std::string& username) {
  vault.rewrite([&](Vault::Change& change) {
    change.credentials.insert_or_assign(server, VaultCredential{username, Secret("s3"), 1});
  });
}

// "a b", as another machine reads it.
std::string servers(VaultMachine& machine) {
  Vault vault = machine.vault();
  std::string names;
  for (const auto& entry : *vault.read(Effort::full)) {
    names += (names.empty() ? "" : " ") + std::string(entry.server);
  }
  return names;
}

}  // namespace

TEST_CASE("a vault in memory keeps the contract of a store") {
  VaultMachine machine;
  machine.create();
  const auto store = machine.store();
  check_store_contract(*store);
  CHECK(machine.place.holders == 0);
}

TEST_CASE("a vault in memory, where each write is in and not known to be, keeps the contract too") {
  VaultMachine machine;
  machine.create();
  for (int i = 0; i < 40; ++i) machine.place.fates.push_back(Fate::unknown_with_effect);
  const auto store = machine.store();
  check_store_contract(*store);
}

TEST_CASE(
    "what this process has just written to a shared vault is not fetched again for its erase") {
  VaultMachine machine;
  machine.create();
  machine.place.is_shared = true;  // the path that a slot names counts no more
  machine.environment.variables["DOCKER_CREDENTIAL_KEYRING_KEY_FILE"] = machine.key_file();
  const auto store = machine.store();
  store->put(Credential{"a", "ada", Secret("s3")});
  CHECK(machine.place.fetches == 1);
  store->erase({{"b"}});
  CHECK(machine.place.fetches == 1);
  store->erase({{"b"}});
  CHECK(machine.place.fetches == 2);
  machine.store()->put(Credential{"b", "bob", Secret("s4")});
  CHECK(machine.place.fetches == 3);
  store->erase({{"b"}});
  CHECK(machine.place.fetches == 4);
  CHECK(servers(machine) == "a");
}

TEST_CASE("what comes of a write") {
  VaultMachine machine;
  machine.create();
  const std::deque<Fate> no_end(9999, Fate::conflict);
  struct Row {
    const char* name;
    std::deque<Fate> fates;
    std::string in_vault;
    Errc failure;
  };
  const Row rows[] = {
      {"done", {}, "a", Errc::not_found},
      {"a conflict, then done", {Fate::conflict}, "a", Errc::not_found},
      {"conflicts without end", no_end, "", Errc::io},
      {"unknown, and in", {Fate::unknown_with_effect}, "a", Errc::not_found},
      {"unknown and not in, then done", {Fate::unknown_without_effect}, "a", Errc::not_found},
      {"unknown and not in, without end", std::deque<Fate>(9999, Fate::unknown_without_effect), "",
       Errc::unsettled},
      {"unknown and not in, then a failure",
       {Fate::unknown_without_effect, Fate::failure},
       "",
       Errc::unsettled},
      {"unknown, and in, and cut off", {Fate::cut_off}, "a", Errc::unsettled},
      {"a failure", {Fate::failure}, "", Errc::io},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      machine.place.fates = row.fates;
      const bool ends = row.fates.size() < no_end.size();
      Vault vault =
          machine.vault(Vault::refuse_another,
                        ends ? std::nullopt : std::optional(std::chrono::milliseconds(50)));
      CHECK(failure_of([&] { add(vault, "a", "ada"); }) == row.failure);
      machine.place.fates.clear();
      machine.place.is_reachable = true;
      CHECK(servers(machine) == row.in_vault);
      CHECK(machine.place.holders == 0);
      add(vault, "b", "bob");  // the same process goes on
      CHECK(servers(machine) == row.in_vault + (row.in_vault.empty() ? "b" : " b"));
    }
  }
}

TEST_CASE("a change is applied to what others wrote meanwhile") {
  VaultMachine machine;
  machine.create();
  Vault vault = machine.vault();
  SUBCASE("before ours") {
    machine.place.meanwhile = [&] {
      Vault other = machine.vault();
      add(other, "other", "eve");
    };
    add(vault, "a", "ada");
    CHECK(servers(machine) == "a other");
  }
  SUBCASE("a new data key, of a key that is added and one that is removed") {
    const std::string first = to_hex(machine.manager().slots().at(0).id);
    add(vault, "a", "ada");
    machine.place.meanwhile = [&] {
      machine.manager().add_slot({SlotKind::key_file, machine.key_file("second"), "", ""});
      machine.manager().remove_slot(first, /*keep_data_key=*/false);
    };
    add(vault, "b", "bob");
    CHECK(servers(machine) == "a b");
  }
  SUBCASE("its end") {
    machine.place.meanwhile = [&] { machine.place.bytes.reset(); };
    CHECK(failure_of([&] { add(vault, "a", "ada"); }) == Errc::vault_missing);
  }
}

TEST_CASE("after a write that may be in, what others made of an entry meanwhile stays") {
  VaultMachine machine;
  machine.create();
  Vault vault = machine.vault();
  add(vault, "old", "ada");
  const auto other = [&](const std::string& server) {
    machine.place.afterwards = [&machine, server] {
      Vault others = machine.vault();
      add(others, server, "eve");
    };
  };
  const auto erase = [&] {
    vault.rewrite([](Vault::Change& change) { change.credentials.erase("old"); });
  };
  struct Row {
    const char* name;
    Fate fate;
    std::string others;  // the server that they store
    bool erases;
    std::string left;  // the user names of "a" and "old"
  };
  const Row rows[] = {
      {"in, and then another one of the same", Fate::unknown_with_effect, "a", false, "eve ada"},
      {"in, and then one beside it", Fate::unknown_with_effect, "old", false, "ada eve"},
      {"not in, and then one beside it", Fate::unknown_without_effect, "old", false, "ada eve"},
      {"not in, and then another one of the same", Fate::unknown_without_effect, "a", false,
       "eve ada"},
      {"an erase that is in, and then a store", Fate::unknown_with_effect, "old", true, "- eve"},
      {"an erase that is not in", Fate::unknown_without_effect, "a", true, "eve -"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      machine.place.fates = {row.fate};
      other(row.others);
      if (row.erases) {
        erase();
      } else {
        add(vault, "a", "ada");
      }
      Vault read = machine.vault();
      const auto* contents = read.read(Effort::full);
      const auto user_of = [&](const char* server) {
        const auto* found = contents->find(server);
        return found == nullptr ? "-" : std::string(found->username);
      };
      CHECK(user_of("a") + ' ' + user_of("old") == row.left);
    }
  }
}

TEST_CASE("a copy that was replaced does not count again while a put over it is not done") {
  VaultMachine machine;
  machine.create();
  ServerIndex(index_file(machine.environment)).mark_stale({{"old"}}, kVaultId);
  const auto is_stale = [&] {
    return ServerIndex(index_file(machine.environment)).is_stale("old", kVaultId);
  };
  const auto put = [&] { machine.store()->put(Credential{"old", "ada", Secret("s3")}); };
  machine.place.fates = {Fate::failure};
  CHECK(failure_of(put) == Errc::io);
  CHECK(is_stale());
  machine.place.fates = {Fate::cut_off};
  CHECK(failure_of(put) == Errc::unsettled);
  CHECK(is_stale());
}

TEST_CASE("the gate is asked before each change") {
  VaultMachine machine;
  machine.create();
  SUBCASE("and may refuse") {
    int asked = 0;
    Vault vault = machine.vault([&](const VaultHeader& read, const VaultHeader& held) {
      ++asked;
      CHECK(read.id == held.id);
      return std::optional(Refusal{"not today"});
    });
    CHECK(vault.read(Effort::full) != nullptr);
    CHECK(asked == 0);
    CHECK_THROWS_WITH_AS(add(vault, "a", "ada"), "the vault memory was not changed: not today",
                         Error);
    CHECK(servers(machine).empty());
  }
  SUBCASE("again where the change is applied again") {
    int asked = 0;
    Vault vault = machine.vault([&](const VaultHeader&, const VaultHeader&) {
      ++asked;
      return std::optional<Refusal>();
    });
    machine.place.fates = {Fate::conflict, Fate::conflict};
    add(vault, "a", "ada");
    CHECK(asked == 3);
  }
  SUBCASE("the usual one") {
    VaultHeader held;
    held.id = "one";
    held.generation = 7;
    VaultHeader read = held;
    CHECK_FALSE(Vault::refuse_another(read, held));
    read.generation = 8;
    CHECK_FALSE(Vault::refuse_another(read, held));
    read.generation = 6;
    CHECK(Vault::refuse_another(read, held));
    read = held;
    read.id = "two";
    CHECK(Vault::refuse_another(read, held));
  }
}

TEST_CASE("a vault is decrypted anew only where its bytes are others") {
  VaultMachine machine;
  machine.create();
  Vault vault = machine.vault();
  const auto* before = vault.read(Effort::quiet)->begin().operator->();
  CHECK(vault.read(Effort::quiet)->begin().operator->() == before);
  add(vault, "a", "ada");
  CHECK(vault.read(Effort::quiet)->size() == 1);
}

}  // namespace cred::test
