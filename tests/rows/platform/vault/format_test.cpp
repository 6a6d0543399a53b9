// SPDX-License-Identifier: MIT
#include "platform/vault/format.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "platform/system/error.h"
#include "platform/vault/slot_key.h"

namespace cred::test {
namespace {

struct Sample {
  LockedBytes data_key = LockedBytes::random(kDataKeySize);
  VaultHeader header;
  VaultCredentials entries;

  Sample() {
    header.generation = 7;
    header.id = random_bytes(kVaultIdSize);
    header.commitment = commitment_to(data_key, header.id);
    KeySlot slot = new_slot(SlotKind::key_file);
    slot.path = "/run/keys/ä";
    const std::string material(kShortestKeyMaterial, 'k');
    wrap_data_key(slot, header.id, data_key, slot_key(slot, as_bytes(material)));
    header.slots.push_back(slot);
    entries.emplace("reg.example", VaultCredential{"ada", Secret("s3"), 1});
    entries.emplace("https://other.example/v1/", VaultCredential{"<token>", Secret("\xff any"), 2});
  }
  [[nodiscard]] std::string bytes() const { return write_vault(header, entries, data_key); }
};

Errc failure_of(const std::string& bytes, const LockedBytes& data_key) {
  try {
    static_cast<void>(read_contents(bytes, read_header(bytes), data_key));
  } catch (const Error& failure) {
    return failure.code();
  }
  return Errc::not_found;  // it was read
}

}  // namespace

TEST_CASE("a vault is read as it was written") {
  const Sample sample;
  const std::string bytes = sample.bytes();
  const VaultHeader header = read_header(bytes);
  CHECK(header.generation == 7);
  CHECK(header.id == sample.header.id);
  CHECK(header.slots.at(0).path == "/run/keys/ä");
  CHECK(header.slots.at(0).wrap == sample.header.slots.at(0).wrap);
  const VaultCredentials entries = read_contents(bytes, header, sample.data_key).copy();
  CHECK(entries.size() == 2);
  CHECK(entries.at("reg.example").username == "ada");
  CHECK(entries.at("reg.example").stored_at == 1);
  CHECK(entries.at("https://other.example/v1/").secret.reveal() == "\xff any");
  CHECK(bytes.find("ada") == std::string::npos);
  CHECK(bytes != sample.bytes());  // under another nonce
}

TEST_CASE("lengths hide behind a padding of 1 KiB") {
  Sample sample;
  const std::size_t size = sample.bytes().size();
  sample.entries.at("reg.example").secret = Secret("a secret that is longer than before");
  CHECK(sample.bytes().size() == size);
}

TEST_CASE("any bit that is changed, missing or added is noticed") {
  const Sample sample;
  const std::string bytes = sample.bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; bit += i % 16 == 0 ? 1 : 7) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      CAPTURE(i);
      CAPTURE(bit);
      const Errc failure = failure_of(changed, sample.data_key);
      CHECK((failure == Errc::vault_unsafe || failure == Errc::wrong_key));
    }
  }
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 8) {
    CHECK(failure_of(bytes.substr(0, size), sample.data_key) == Errc::vault_unsafe);
  }
  CHECK(failure_of(bytes + 'x', sample.data_key) == Errc::vault_unsafe);
}

TEST_CASE("another vault's key is told from a damaged vault") {
  const Sample sample;
  CHECK(failure_of(sample.bytes(), Sample().data_key) == Errc::wrong_key);
}

TEST_CASE("a header that could have been written otherwise is refused") {
  const Sample sample;
  const std::string bytes = sample.bytes();
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
