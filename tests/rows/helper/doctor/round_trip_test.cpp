// SPDX-License-Identifier: MIT
#include "helper/doctor/round_trip.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "platform/open_store.h"
#include "platform/vault/format/format.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/manager.h"
#include "tests/lab/quiet_machine.h"

namespace cred::test {
namespace {

// Without a bus, with a vault that its key file unlocks.
struct VaultMachine : QuietMachine {
  std::filesystem::path key = folder.path() / "key";
  std::filesystem::path vault = environment.data_home() / "docker-credential-keyring" / "vault";

  VaultMachine() {
    VaultManager(environment, settings, Notes()).create({SlotKind::key_file, key, "", ""});
  }
  // Puts other bytes in the place of the vault.
  void overwrite(const std::string& bytes) const {
    std::ofstream(vault, std::ios::binary) << bytes;
  }

  [[nodiscard]] std::optional<Finding> tried() const {
    return try_round_trip(environment, settings);
  }
};

}  // namespace

TEST_CASE("a vault that is unlocked keeps what it is given, and nothing is left of the trial") {
  const VaultMachine machine;
  const auto store = open_store(machine.environment, machine.settings, Notes());
  store->put(Credential{"reg.example", "ada", Secret("s3")});
  CHECK_FALSE(machine.tried());
  using Listed = std::map<std::string, std::string>;
  CHECK(open_store(machine.environment, machine.settings, Notes())->list() ==
        Listed{{"reg.example", "ada"}});
}

TEST_CASE("a vault that is locked is not tried") {
  const VaultMachine machine;
  VaultHeader header;
  const LockedBytes data_key = LockedBytes::random(kDataKeySize);
  header.id = random_bytes(kVaultIdSize);
  header.commitment = commitment_to(data_key, header.id);
  KeySlot slot = new_slot(SlotKind::passphrase);
  slot.ops = 1;
  slot.mem = std::uint64_t{8} << 20;
  wrap_data_key(slot, header.id, data_key, slot_key(slot, as_bytes("nobody types this")));
  header.slots = {slot};
  machine.overwrite(write_vault(header, {}, data_key));
  const auto finding = machine.tried();
  REQUIRE(finding);
  CHECK(finding->id.name == "round-trip-skipped");
  CHECK(finding->severity == Severity::info);
  CHECK(finding->text == "the vault is locked, so nothing was tried");
  CHECK(finding->command == "docker-credential-keyring vault unlock");
}

TEST_CASE("what keeps a store from taking a credential is told") {
  VaultMachine machine;
  std::string said = "a login could not be stored in the ";
  SUBCASE("a damaged vault") {
    machine.overwrite("nonsense");
    said += "vault and read back: the vault " + machine.vault.string() + " cannot be used: ";
  }
  SUBCASE("a vault whose key file is gone") {
    REQUIRE(std::filesystem::remove(machine.key));
    said += "vault and read back: the vault " + machine.vault.string() + " cannot be unlocked here";
  }
  SUBCASE("a keyring that the settings name, on a machine without one") {
    machine.settings.store = kKeyringId;
    said += "keyring and read back: ";
  }
  const auto finding = machine.tried();
  REQUIRE(finding);
  CHECK(finding->id.name == "round-trip-failed");
  CHECK(finding->severity == Severity::problem);
  CHECK(finding->text.starts_with(said));
  CHECK(finding->command.empty());
}

}  // namespace cred::test
