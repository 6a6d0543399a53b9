// SPDX-License-Identifier: MIT
// What of a place is taken, and what is kept beside the copy.
#include "platform/vault/storage/shared_storage.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "platform/system/error.h"
#include "platform/vault/format/format.h"
#include "platform/vault/format/slot_key.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

struct SharingMachine : QuietMachine {
  LockedBytes data_key = LockedBytes::random(kDataKeySize);
  std::string id = random_bytes(kVaultIdSize);
  std::filesystem::path path = folder.path() / "vaults" / "vault";

  SharingMachine() {
    settings.shared.at = "etcd://127.0.0.1:2379/dck";
    settings.shared.id = to_hex(id);
  }
  [[nodiscard]] std::string vault(std::uint64_t generation, SlotKind kind = SlotKind::key_file,
                                  const std::string& whose = "") const {
    VaultHeader header;
    header.id = whose.empty() ? id : whose;
    header.generation = generation;
    header.commitment = commitment_to(data_key, header.id);
    KeySlot slot = new_slot(kind);
    if (kind == SlotKind::clevis) slot.pin = "tang";
    wrap_data_key(slot, header.id, data_key, slot_key(slot, as_bytes(std::string(32, 'k'))));
    header.slots.push_back(slot);
    return write_vault(header, {}, data_key);
  }
  [[nodiscard]] SharedStorage storage() const {
    auto copy = std::make_unique<LocalStorage>(path, FolderUse::own);
    copy->prepare();
    return {std::move(copy), path, settings, Notes()};
  }
};

SharedStorage::Copy copy_of(const std::string& bytes) { return {bytes, read_header(bytes)}; }

std::string refusal_in(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& failure) {
    CHECK(failure.code() == Errc::place_unfit);
    return failure.what();
  }
  return "";
}

}  // namespace

TEST_CASE("what of a place is taken") {
  SharingMachine machine;
  SharedStorage storage = machine.storage();
  const std::string here = machine.vault(5);
  storage.write_copy(here, storage.record_of(copy_of(here), "5"));
  struct Row {
    const char* name;
    std::string bytes;
    std::string refusal;  // a part of it; empty: it is taken
  };
  const Row rows[] = {
      {"a newer one", machine.vault(6), ""},
      {"the same", here, ""},
      {"an older one", machine.vault(4), "it is older, generation 4, and the copy here is 5"},
      {"two histories", machine.vault(5), "two histories: both are generation 5"},
      {"another vault", machine.vault(9, SlotKind::key_file, random_bytes(kVaultIdSize)),
       "it is another vault"},
      {"a slot of clevis", machine.vault(9, SlotKind::clevis), "it has one that anybody can make"},
      {"nothing", "", "it is no vault"},
      {"half of one", machine.vault(9).substr(0, 200), "it is no vault, or a damaged one"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const auto refusal = refusal_in([&] { storage.check(row.bytes); });
      CHECK(refusal.empty() == row.refusal.empty());
      CHECK(refusal.find(row.refusal) != std::string::npos);
    }
  }
  SUBCASE("where the copy is of no use, what was there last counts") {
    storage.set_copy_aside();
    CHECK(refusal_in([&] { storage.check(machine.vault(5)); }).empty());
    CHECK(refusal_in([&] {
            storage.check(machine.vault(4));
          }).find("it is older, generation 4, and the copy here was 5") != std::string::npos);
    CHECK_FALSE(refusal_in([&] { storage.check(machine.vault(1, SlotKind::clevis)); }).empty());
  }
}

TEST_CASE("what is kept of a place") {
  SharingMachine machine;
  SharedStorage storage = machine.storage();
  CHECK_FALSE(storage.record());
  CHECK(storage.caution() ==
        "the copy of the shared vault was never compared with " + machine.settings.shared.at);
  const std::string here = machine.vault(5);
  PlaceRecord record = storage.record_of(copy_of(here), "77");
  storage.write_copy(here, record);
  CHECK_FALSE(storage.caution());
  CHECK(storage.known_token(copy_of(here)) == "77");
  CHECK_FALSE(storage.known_token(copy_of(machine.vault(5))));
  struct stat status = {};
  REQUIRE(stat((machine.path.string() + ".place").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);

  SUBCASE("of when") {
    record.checked -= 2 * 24 * 60 * 60 + 5;
    record.refused = "it is older";
    storage.write_record(record);
    CHECK(storage.record()->checked == record.checked);
    CHECK(storage.record()->refused == "it is older");
    CHECK(storage.caution().value_or("").find("2 days ago") != std::string::npos);
    machine.settings.copy_max_age = std::chrono::seconds(0);
    CHECK_FALSE(machine.storage().caution());
  }
  SUBCASE("of another place it says nothing") {
    machine.settings.shared.at = "etcd://127.0.0.1:2379/other";
    CHECK_FALSE(machine.storage().known_token(copy_of(here)));
  }
  SUBCASE("damaged, it is as if there were none") {
    machine.folder.write("vaults/vault.place", "{");
    CHECK_FALSE(storage.record());
    CHECK_FALSE(storage.known_token(copy_of(here)));
  }
  SUBCASE("gone with the place") {
    const auto file = machine.folder.path() / "vaults/vault.place";
    CHECK(remove_place_record(file));
    CHECK_FALSE(remove_place_record(file));
    CHECK_FALSE(storage.record());
  }
}

TEST_CASE("a shared vault without its copy is not one that holds nothing") {
  SharingMachine machine;
  SharedStorage storage = machine.storage();
  CHECK(storage.exists());
  CHECK(failure_of([&] { static_cast<void>(storage.read()); }) == Errc::vault_missing);
  CHECK(failure_of([&] { storage.remove(); }) == Errc::bad_request);
}

}  // namespace cred::test
