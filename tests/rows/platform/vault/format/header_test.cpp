// SPDX-License-Identifier: MIT
#include "platform/vault/format/header.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "platform/system/error.h"

namespace cred::test {
namespace {

KeySlot slot_of(SlotKind kind) {
  KeySlot slot;
  slot.id = std::string(kSlotIdSize, '\1');
  slot.kind = kind;
  slot.label = "host \"ä\"";
  slot.created = 1'700'000'000;
  slot.salt = std::string(kSaltSize, '\2');
  slot.wrap = std::string(72, '\3');
  return slot;
}

VaultHeader sample() {
  VaultHeader header;
  header.generation = 7;
  header.id = std::string(kVaultIdSize, '\4');
  header.commitment = std::string(32, '\5');
  header.slots = {slot_of(SlotKind::key_file)};
  return header;
}

}  // namespace

TEST_CASE("a header is read as it was written") {
  VaultHeader header = sample();
  header.slots[0].path = "/run/keys/ä";
  KeySlot passphrase = slot_of(SlotKind::passphrase);
  passphrase.ops = 3;
  passphrase.mem = std::uint64_t{1} << 28;
  KeySlot clevis = slot_of(SlotKind::clevis);
  clevis.pin = "tang";
  clevis.sealed = "a.b.c.d.e";
  header.slots.push_back(passphrase);
  header.slots.push_back(clevis);
  const std::string bytes = write_header(header);
  const VaultHeader read = read_header(bytes + "what is sealed");
  CHECK(read.generation == 7);
  CHECK(read.id == header.id);
  CHECK(read.commitment == header.commitment);
  CHECK(read.slots.size() == 3);
  CHECK(read.slots[0].path == "/run/keys/ä");
  CHECK(read.slots[0].label == "host \"ä\"");
  CHECK(read.slots[1].ops == 3);
  CHECK(read.slots[1].mem == std::uint64_t{1} << 28);
  CHECK(read.slots[2].sealed == "a.b.c.d.e");
  CHECK(write_header(read) == bytes);
  CHECK(clear_part(bytes + "what is sealed\n") == bytes);
}

TEST_CASE("the limits of a header") {
  const auto is_refused = [](const VaultHeader& header) {
    try {
      static_cast<void>(read_header(write_header(header)));
      return false;
    } catch (const Error& failure) {
      return failure.code() == Errc::vault_unsafe;
    }
  };
  VaultHeader header = sample();
  header.slots.assign(kMostSlots, slot_of(SlotKind::key_file));
  CHECK_FALSE(is_refused(header));
  header.slots.push_back(slot_of(SlotKind::key_file));
  CHECK(is_refused(header));
  header = sample();
  header.slots[0].wrap.pop_back();
  CHECK(is_refused(header));
  header = sample();
  header.slots = {slot_of(SlotKind::clevis)};
  header.slots[0].sealed = std::string((std::size_t{16} << 10) + 1, 'x');
  CHECK(is_refused(header));
  header = sample();
  header.slots[0].label = std::string(std::size_t{1} << 20, 'x');
  CHECK(is_refused(header));
  CHECK_THROWS_AS(static_cast<void>(clear_part("")), Error);
  CHECK_THROWS_AS(static_cast<void>(clear_part("docker-credential-keyring vault 1\n{}")), Error);
}

TEST_CASE("a header that nests deep is refused before anything walks through it") {
  const std::size_t levels = 500'000;
  const std::string deep =
      "docker-credential-keyring vault 1\n" + std::string(levels, '[') + std::string(levels, ']');
  CHECK_THROWS_WITH_AS(static_cast<void>(read_header(deep + '\n')),
                       doctest::Contains("nested too deep"), Error);
  VaultHeader header = sample();
  header.slots[0].label = std::string(100, '[') + "\\\"{";
  CHECK(read_header(write_header(header)).slots[0].label == header.slots[0].label);
}

TEST_CASE("a header that could have been written otherwise is refused") {
  const std::string bytes = write_header(sample());
  struct Row {
    const char* name;
    std::string from, to;
  };
  const Row rows[] = {
      {"another version", "vault 1", "vault 2"},
      {"a blank", "\"generation\":7", "\"generation\": 7"},
      {"a doubled member", "\"generation\":7", "\"generation\":7,\"generation\":7"},
      {"an unknown member", "{\"generation\":7", "{\"a\":1,\"generation\":7"},
      {"a missing member", "\"generation\":7,", ""},
      {"a number that is text", "\"generation\":7", "\"generation\":\"7\""},
      {"a negative number", "\"generation\":7", "\"generation\":-7"},
      {"another kind of slot", "\"key-file\"", "\"key-card\""},
      {"no slots", "\"slots\":[", "\"slots\":[],\"x\":["},
      {"no JSON", "{\"generation\"", "[\"generation\""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      std::string changed = bytes;
      const auto at = changed.find(row.from);
      REQUIRE(at != std::string::npos);
      changed.replace(at, row.from.size(), row.to);
      try {
        static_cast<void>(read_header(changed));
        FAIL("it was read");
      } catch (const Error& failure) {
        CHECK(failure.code() == Errc::vault_unsafe);
      }
    }
  }
}

}  // namespace cred::test
