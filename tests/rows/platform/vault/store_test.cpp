// SPDX-License-Identifier: MIT
// The contract of a store, on the vault.
#include "platform/vault/store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <sstream>

#include "platform/open_store.h"
#include "platform/vault/manager.h"
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
    VaultManager(environment, settings, Notes(notes))
        .create({SlotKind::key_file, folder.path() / "key", "", ""});
  }
  [[nodiscard]] std::shared_ptr<ServerIndex> index() const {
    return std::make_shared<ServerIndex>(index_file(environment));
  }
};

}  // namespace

TEST_CASE("the vault keeps the contract of a store") {
  BareMachine machine;
  SUBCASE("alone") {
    const auto store = open_vault_store(
        {machine.environment, machine.settings, machine.index(), Notes(machine.notes)});
    check_store_contract(*store);
  }
  SUBCASE("as the store of a machine without a bus") {
    const auto store = open_store(machine.environment, machine.settings, Notes(machine.notes));
    check_store_contract(*store);
  }
}

TEST_CASE("what was stored is there for the next process") {
  BareMachine machine;
  open_vault_store({machine.environment, machine.settings, machine.index(), Notes(machine.notes)})
      ->put(Credential{"reg.example", "ada", Secret("s3")});
  const auto store = open_vault_store(
      {machine.environment, machine.settings, machine.index(), Notes(machine.notes)});
  CHECK(store->get("reg.example")->secret.reveal() == "s3");
  CHECK(machine.index()->holder("reg.example") == kVaultId);
}

}  // namespace cred::test
