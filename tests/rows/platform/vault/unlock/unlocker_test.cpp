// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/unlocker.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "platform/system/error.h"
#include "platform/vault/format/slot_key.h"
#include "tests/lab/memory_storage.h"
#include "tests/lab/quiet_machine.h"

namespace cred::test {
namespace {

// A vault's header, and the machine that is to unlock it. Nobody can be asked.
struct UnlockerMachine : QuietMachine {
  MemoryPlace place;
  MemoryStorage storage{place};
  VaultHeader header;
  LockedBytes data_key = LockedBytes::random(kDataKeySize);

  UnlockerMachine() {
    header.id = random_bytes(kVaultIdSize);
    header.commitment = commitment_to(data_key, header.id);
  }
  [[nodiscard]] std::filesystem::path key_file(const std::string& name, char letter) const {
    auto file = folder.write(name, std::string(kShortestKeyMaterial, letter));
    REQUIRE(chmod(file.c_str(), 0600) == 0);
    return file;
  }
  KeySlot& add(SlotKind kind, char letter) {
    KeySlot slot = new_slot(kind);
    if (kind == SlotKind::passphrase) {
      slot.ops = 1;
      slot.mem = std::uint64_t{8} << 20;
    }
    const std::string material(kShortestKeyMaterial, letter);
    wrap_data_key(slot, header.id, data_key, slot_key(slot, as_bytes(material)));
    return header.slots.emplace_back(std::move(slot));
  }
  [[nodiscard]] Unlocker unlocker() { return {environment, settings, Notes(), storage}; }
  [[nodiscard]] bool opens() {
    const auto found = unlocker().quietly(header);
    return found && std::ranges::equal(found->bytes(), data_key.bytes());
  }
  // What by_asking() says where nothing unlocks the vault.
  [[nodiscard]] Error refusal() {
    Unlocker unlocker = this->unlocker();
    CHECK_FALSE(unlocker.quietly(header));
    try {
      static_cast<void>(unlocker.by_asking(header, kUnlockedAfterAsking, /*is_called_for=*/false));
    } catch (const Error& failure) {
      return failure;
    }
    return {Errc::not_found, "it was unlocked"};
  }
};

bool has(const Error& failure, const std::string& part) {
  return std::string(failure.what()).find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("which key files are tried") {
  UnlockerMachine machine;
  KeySlot& slot = machine.add(SlotKind::key_file, 'k');
  SUBCASE("the one that the slot names") {
    slot.path = machine.key_file("key", 'k');
    CHECK(machine.opens());
    CHECK(machine.unlocker().may_unlock(machine.header));
  }
  SUBCASE("the one that the environment names, also where the slot names none") {
    machine.environment.variables["DOCKER_CREDENTIAL_KEYRING_KEY_FILE"] =
        machine.key_file("named", 'k');
    CHECK(machine.opens());
  }
  SUBCASE("the slot's, where the named one is another vault's") {
    machine.environment.variables["DOCKER_CREDENTIAL_KEYRING_KEY_FILE"] =
        machine.key_file("named", 'x');
    slot.path = machine.key_file("key", 'k');
    CHECK(machine.opens());
  }
  SUBCASE("no relative path, which would be another file in each folder") {
    slot.path = "key";
    CHECK_FALSE(machine.opens());
  }
  SUBCASE("each slot's") {
    slot.path = machine.key_file("gone", 'x');
    machine.add(SlotKind::key_file, 'l').path = machine.key_file("second", 'l');
    CHECK(machine.opens());
  }
}

TEST_CASE("a key of the right form that is another data key's is none") {
  UnlockerMachine machine;
  machine.add(SlotKind::key_file, 'k').path = machine.key_file("key", 'k');
  machine.header.commitment = commitment_to(LockedBytes::random(kDataKeySize), machine.header.id);
  CHECK_FALSE(machine.unlocker().quietly(machine.header));
}

TEST_CASE("why a vault is not unlocked") {
  UnlockerMachine machine;
  SUBCASE("nobody can be asked") {
    machine.add(SlotKind::passphrase, 'p');
    CHECK(machine.refusal().code() == Errc::vault_locked);
    CHECK_FALSE(machine.unlocker().may_unlock(machine.header));
  }
  SUBCASE("its key file is missing") {
    machine.add(SlotKind::key_file, 'k').path = "/no/key";
    const Error failure = machine.refusal();
    CHECK(failure.code() == Errc::wrong_key);
    CHECK(has(failure, "the vault memory cannot be unlocked here; the key file /no/key"));
  }
  SUBCASE("its key file is another vault's") {
    machine.add(SlotKind::key_file, 'k').path = machine.key_file("key", 'x');
    CHECK(has(machine.refusal(), "opens none of this vault's keys"));
  }
  SUBCASE("its key file is nowhere") {
    machine.add(SlotKind::key_file, 'k');
    CHECK(has(machine.refusal(), "its key file is nowhere to be found"));
  }
  SUBCASE("clevis does not unseal") {
    KeySlot& slot = machine.add(SlotKind::clevis, 's');
    slot.pin = "tang";
    slot.sealed = "no JWE";
    const Error failure = machine.refusal();
    CHECK(failure.code() == Errc::not_unsealed);
    CHECK(has(failure, "tang: "));
    CHECK(machine.unlocker().may_unlock(machine.header));  // as far as can be known
  }
}

TEST_CASE("the material of a slot is proven") {
  UnlockerMachine machine;
  KeySlot& slot = machine.add(SlotKind::key_file, 'k');
  slot.path = machine.key_file("key", 'k');
  CHECK(machine.unlocker().material_of(slot, machine.header, "").size() == kShortestKeyMaterial);
  slot.path = machine.key_file("other", 'x');
  CHECK_THROWS_AS(static_cast<void>(machine.unlocker().material_of(slot, machine.header, "")),
                  Error);
  CHECK(Unlocker::by_material(machine.header, as_bytes(std::string(kShortestKeyMaterial, 'k'))));
  CHECK_FALSE(
      Unlocker::by_material(machine.header, as_bytes(std::string(kShortestKeyMaterial, 'x'))));
}

}  // namespace cred::test
