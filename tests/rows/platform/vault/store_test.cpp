// SPDX-License-Identifier: MIT
// The contract of a store, on the vault.
#include "platform/vault/store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <sstream>

#include "platform/open_store.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
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
  [[nodiscard]] std::string vault_file() const {
    return environment.data_home() / "docker-credential-keyring/vault";
  }
  [[nodiscard]] std::unique_ptr<Backend> store() {
    return open_vault_store({environment, settings, index(), Notes(notes)});
  }
  void put(const std::string& server) { store()->put(Credential{server, "ada", Secret("s3")}); }

  // "found", "not found", or the name of the failure, without the key or with it.
  [[nodiscard]] std::string get(const std::string& server, bool with_key = false) {
    const auto key = folder.path() / "key";
    const auto away = folder.path() / "away";
    if (!with_key) std::filesystem::rename(key, away);
    std::string outcome;
    try {
      outcome = store()->get(server) ? "found" : "not found";
    } catch (const Error& failure) {
      outcome = failure.code() == Errc::wrong_key      ? "locked"
                : failure.code() == Errc::vault_unsafe ? "damaged"
                                                       : failure.what();
    }
    if (!with_key) std::filesystem::rename(away, key);
    return outcome;
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

TEST_CASE("a locked vault is known by the index in the state that it was in alone") {
  BareMachine machine;
  const auto index = index_file(machine.environment);
  const auto kept = [&](const std::filesystem::path& file) { return read_file(file).value(); };
  machine.put("a.example");
  const std::string index_of_one = kept(index);
  const std::string vault_of_one = kept(machine.vault_file());
  machine.put("b.example");
  CHECK(machine.get("b.example") == "locked");
  CHECK(machine.get("c.example") == "not found");
  SUBCASE("a newer copy, as rsync brings it") {
    replace_file(index, index_of_one);
    CHECK(machine.get("b.example") == "locked");
    CHECK(machine.get("c.example") == "locked");
    CHECK(machine.get("a.example", true) == "found");  // who unlocks it puts that right
    CHECK(machine.get("b.example") == "locked");
    CHECK(machine.get("c.example") == "not found");
  }
  SUBCASE("an older one") {
    replace_file(machine.vault_file(), vault_of_one);
    CHECK(machine.get("c.example") == "locked");
    CHECK(machine.get("c.example", true) == "not found");
    CHECK(machine.get("c.example") == "not found");
  }
  SUBCASE("an older one that has what was erased since") {
    machine.store()->erase(std::vector<std::string>{"a.example"});
    CHECK(machine.get("a.example") == "not found");
    replace_file(machine.vault_file(), vault_of_one);
    CHECK(machine.get("a.example") == "locked");
  }
  SUBCASE("one whose keys were changed") {
    VaultManager(machine.environment, machine.settings, Notes(machine.notes))
        .add_slot({SlotKind::key_file, machine.folder.path() / "second", "", ""});
    std::filesystem::remove(machine.folder.path() / "second");
    CHECK(machine.get("c.example") == "not found");
  }
  SUBCASE("damaged: public pulls go on, and what it may have had is an error") {
    replace_file(machine.vault_file(), "docker-credential-keyring vault 1\n{\n");
    CHECK(machine.get("c.example") == "not found");
    CHECK(machine.notes.str().find("going on as if") != std::string::npos);
    CHECK(machine.get("b.example") == "damaged");
    std::filesystem::remove(index);
    machine.notes.str("");
    CHECK(machine.get("c.example") == "damaged");
    CHECK(machine.notes.str().empty());
  }
}

}  // namespace cred::test
