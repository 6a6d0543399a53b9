// SPDX-License-Identifier: MIT
#include "platform/vault/manager.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "tests/lab/memory_storage.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

struct ManagerMachine : QuietMachine {
  MemoryPlace place;
  std::string beside;

  [[nodiscard]] VaultManager manager() {
    return {std::make_unique<MemoryStorage>(place, beside), environment, settings, Notes()};
  }
  [[nodiscard]] NewSlot key_file(const std::string& name) const {
    return {SlotKind::key_file, folder.path() / name, "", ""};
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(folder.path() / name);
  }
};

std::vector<std::string> ids(const std::vector<KeySlot>& slots) {
  std::vector<std::string> texts;
  for (const auto& slot : slots) texts.push_back(to_hex(slot.id));
  return texts;
}

}  // namespace

TEST_CASE("a vault is created once, and a key file that was made is never removed") {
  ManagerMachine machine;
  struct Row {
    const char* name;
    std::deque<Fate> fates;
    Errc failure;
    bool is_there, has_key_file;
  };
  const Row rows[] = {
      {"done", {}, Errc::not_found, true, true},
      {"another was quicker", {Fate::conflict}, Errc::bad_request, false, true},
      {"unknown, and in", {Fate::unknown_with_effect}, Errc::not_found, true, true},
      {"unknown, and not in so far", {Fate::unknown_without_effect}, Errc::unsettled, false, true},
      {"unknown, and in, and cut off", {Fate::cut_off}, Errc::unsettled, true, true},
      {"a failure", {Fate::failure}, Errc::io, false, true},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      machine.place.fates = row.fates;
      CHECK(failure_of([&] { machine.manager().create(machine.key_file("key")); }) == row.failure);
      CHECK(machine.manager().exists() == row.is_there);
      CHECK(machine.has("key") == row.has_key_file);
    }
  }
  SUBCASE("a second time") {
    machine.manager().create(machine.key_file("key"));
    CHECK(failure_of([&] { machine.manager().create(machine.key_file("other")); }) ==
          Errc::bad_request);
    CHECK_FALSE(machine.has("other"));
  }
}

TEST_CASE("no key lies beside the vault that it opens") {
  ManagerMachine machine;
  machine.beside = machine.folder.path();
  CHECK(failure_of([&] { machine.manager().create(machine.key_file("key")); }) ==
        Errc::bad_request);
  std::filesystem::create_directory_symlink(machine.folder.path(), machine.folder.path() / "link");
  CHECK(failure_of([&] { machine.manager().create(machine.key_file("link/key")); }) ==
        Errc::bad_request);
  machine.manager().create(machine.key_file("elsewhere/key"));
  CHECK(machine.has("elsewhere/key"));
}

TEST_CASE("keys are added and removed, whatever the storage says of a write") {
  ManagerMachine machine;
  const std::string first = to_hex(machine.manager().create(machine.key_file("key")).slot.id);
  struct Row {
    const char* name;
    std::deque<Fate> fates;
  };
  const Row rows[] = {
      {"done", {}},
      {"conflicts", {Fate::conflict, Fate::conflict}},
      {"in, and not known to be", {Fate::unknown_with_effect}},
      {"not in, and not known to be", {Fate::unknown_without_effect}},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      machine.place.fates = row.fates;
      const std::string second = to_hex(machine.manager().add_slot(machine.key_file("2")).slot.id);
      CHECK(ids(machine.manager().slots()) == std::vector{first, second});
      SUBCASE("removed with a new data key") {
        machine.place.fates = row.fates;
        machine.manager().remove_slot(first, /*keep_data_key=*/false);
      }
      SUBCASE("removed alone") {
        machine.place.fates = row.fates;
        machine.manager().remove_slot(first, /*keep_data_key=*/true);
      }
      CHECK(ids(machine.manager().slots()) == std::vector{second});
      CHECK(machine.manager().status().is_unlocked());
    }
  }
}

TEST_CASE("a key that is refused changes nothing") {
  ManagerMachine machine;
  const std::string first = to_hex(machine.manager().create(machine.key_file("key")).slot.id);
  const auto before = machine.place.bytes;
  SUBCASE("one that is not there") {
    CHECK(failure_of([&] { machine.manager().remove_slot("00000000", false); }) ==
          Errc::bad_request);
  }
  SUBCASE("the only one") {
    CHECK(failure_of([&] { machine.manager().remove_slot(first, false); }) == Errc::bad_request);
  }
  SUBCASE("a passphrase without a terminal") {
    CHECK(failure_of([&] { machine.manager().add_slot({}); }) != Errc::not_found);
  }
  SUBCASE("a write that fails names the key file that was made") {
    machine.place.fates = {Fate::failure};
    CHECK_THROWS_WITH(machine.manager().add_slot(machine.key_file("2")),
                      doctest::Contains("/2, which was made for it, is left"));
    CHECK(machine.has("2"));
  }
  CHECK(machine.place.bytes == before);
}

TEST_CASE("a vault without a folder beside it is used, and never kept unlocked") {
  ManagerMachine machine;
  machine.manager().create(machine.key_file("key"));
  machine.manager().unlock(std::chrono::hours(1), std::nullopt);
  const VaultStatus status = machine.manager().status();
  CHECK(status.is_unlocked());
  CHECK_FALSE(status.unlocked_until);
  CHECK(status.name == "memory");
  machine.manager().lock();
}

TEST_CASE("a vault is destroyed, and the index forgets what it held") {
  ManagerMachine machine;
  machine.manager().create(machine.key_file("key"));
  ServerIndex(index_file(machine.environment)).add_stored({{"a"}}, kVaultId);
  CHECK(machine.manager().destroy().size() == 1);
  CHECK_FALSE(machine.manager().exists());
  CHECK_FALSE(ServerIndex(index_file(machine.environment)).holder("a"));
  CHECK(failure_of([&] { machine.manager().destroy(); }) == Errc::vault_missing);
  CHECK(failure_of([&] { machine.manager().lock(); }) == Errc::vault_missing);
}

TEST_CASE("of a vault that is gone already, destroying forgets what the index knows") {
  ManagerMachine machine;
  ServerIndex(index_file(machine.environment)).add_stored({{"a"}}, kVaultId);
  CHECK(machine.manager().destroy().empty());
  CHECK_FALSE(ServerIndex(index_file(machine.environment)).holder("a"));
  CHECK(failure_of([&] { machine.manager().destroy(); }) == Errc::vault_missing);
}

}  // namespace cred::test
