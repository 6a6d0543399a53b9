// SPDX-License-Identifier: MIT
#include "platform/vault/format/slot_key.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "platform/system/error.h"

namespace cred::test {

TEST_CASE("a new slot is unlike every other") {
  const KeySlot one = new_slot(SlotKind::clevis);
  const KeySlot two = new_slot(SlotKind::clevis);
  CHECK(one.id.size() == kSlotIdSize);
  CHECK(one.salt.size() == kSaltSize);
  CHECK(one.id != two.id);
  CHECK(one.salt != two.salt);
  CHECK(one.created > 1'600'000'000);
  CHECK(one.wrap.empty());
}

// By another implementation: Python's hashlib.blake2b.
TEST_CASE("the keys of known material") {
  std::string salt(kSaltSize, '\0');
  std::iota(salt.begin(), salt.end(), '\0');
  struct Row {
    SlotKind kind;
    const char* key;
  };
  const Row rows[] = {
      {SlotKind::key_file, "e16dd2f5d4c3089f5993a69e549f4702975800e3c968da7f2b741f1b8e6345fb"},
      {SlotKind::clevis, "acdbc1aee0b1183accf37f1aec898d1f82fe0fa96c20204550f42bc68d47a31b"},
  };
  for (const Row& row : rows) {
    KeySlot slot = new_slot(row.kind);
    slot.salt = salt;
    const LockedBytes key = slot_key(slot, as_bytes(std::string(kShortestKeyMaterial, 'k')));
    CHECK(to_hex({reinterpret_cast<const char*>(key.data()), key.size()}) == row.key);
  }
}

TEST_CASE("only its own key unwraps the data key, and only in its own vault") {
  const std::string id = random_bytes(kVaultIdSize);
  const LockedBytes data_key = LockedBytes::random(kDataKeySize);
  KeySlot slot = new_slot(SlotKind::key_file);
  const LockedBytes key = slot_key(slot, as_bytes(std::string(kShortestKeyMaterial, 'k')));
  wrap_data_key(slot, id, data_key, key);
  const auto unwrapped = unwrap_data_key(slot, id, key);
  CHECK(unwrapped.value().bytes().size() == kDataKeySize);
  CHECK(std::ranges::equal(unwrapped->bytes(), data_key.bytes()));
  CHECK_FALSE(unwrap_data_key(slot, random_bytes(kVaultIdSize), key));
  CHECK_FALSE(unwrap_data_key(slot, id, LockedBytes::random(kDataKeySize)));
  KeySlot other = slot;
  other.kind = SlotKind::clevis;
  CHECK_FALSE(unwrap_data_key(other, id, key));
  other = slot;
  other.id = random_bytes(kSlotIdSize);
  CHECK_FALSE(unwrap_data_key(other, id, key));
}

TEST_CASE("a passphrase's numbers are checked before any memory is taken") {
  struct Row {
    const char* name;
    std::uint64_t ops, mem;
  };
  constexpr std::uint64_t kMiB = 1 << 20;
  const Row rows[] = {
      {"no passes", 0, 8 * kMiB},
      {"33 passes", 33, 8 * kMiB},
      {"too little memory", 1, 8 * kMiB - 1},
      {"too much memory", 1, 1024 * kMiB + 1},
      {"4 TiB", 1, std::uint64_t{1} << 42},
      {"too much work", 32, 1024 * kMiB},
      {"an overflow", 1, ~std::uint64_t{0}},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      KeySlot slot = new_slot(SlotKind::passphrase);
      slot.ops = row.ops;
      slot.mem = row.mem;
      CHECK_THROWS_AS(static_cast<void>(slot_key(slot, as_bytes("a passphrase"))), Error);
    }
  }
  KeySlot cheap = new_slot(SlotKind::passphrase);
  cheap.ops = 1;
  cheap.mem = 8 * kMiB;
  CHECK(slot_key(cheap, as_bytes("a passphrase")).size() == kDataKeySize);
  CHECK_THROWS_AS(static_cast<void>(slot_key(cheap, as_bytes(""))), Error);
}

}  // namespace cred::test
