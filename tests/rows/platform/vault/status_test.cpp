// SPDX-License-Identifier: MIT
#include "platform/vault/status.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/lab/quiet_machine.h"

namespace cred::test {
namespace {

struct StatusMachine : QuietMachine {
  void create() const {
    VaultManager(environment, settings, Notes())
        .create({SlotKind::key_file, folder.path() / "key", "", ""});
  }
  [[nodiscard]] VaultInspection inspect() const { return inspect_vault(environment, settings); }
};

}  // namespace

TEST_CASE("a vault is inspected as it is") {
  StatusMachine machine;
  SUBCASE("none") {
    const auto seen = machine.inspect();
    CHECK_FALSE(seen.file.exists);
    CHECK_FALSE(seen.failure);
    CHECK_FALSE(seen.status.exists);
    CHECK(seen.file.path == seen.folder.path / "vault");
    CHECK(seen.status.name == seen.file.path.string());
  }
  SUBCASE("one that its key file opens") {
    machine.create();
    const auto seen = machine.inspect();
    CHECK(seen.status.is_unlocked());
    CHECK(seen.slots.at(0).key_file.exists);
    CHECK_FALSE(seen.slots.at(0).missing_program);
    CHECK(seen.status.usernames->empty());
  }
  SUBCASE("one whose key file is gone") {
    machine.create();
    std::filesystem::remove(machine.folder.path() / "key");
    const auto seen = machine.inspect();
    CHECK_FALSE(seen.status.is_unlocked());
    CHECK_FALSE(seen.slots.at(0).key_file.exists);
    CHECK_FALSE(seen.status.usernames);
    CHECK_FALSE(seen.failure);
  }
  SUBCASE("one that is open to others, which stays as it is") {
    machine.create();
    const auto file = machine.inspect().file.path;
    REQUIRE(chmod(file.c_str(), 0644) == 0);
    REQUIRE(chmod(file.parent_path().c_str(), 0755) == 0);
    const auto seen = machine.inspect();
    CHECK(seen.failure->reason.find("open to others") != std::string::npos);
    CHECK(mode_of(file) == 0644);
    CHECK(mode_of(file.parent_path()) == 0755);
  }
  SUBCASE("one that is damaged") {
    machine.create();
    const auto file = machine.inspect().file.path;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
    CHECK(machine.inspect().failure);
  }
}

}  // namespace cred::test
