// SPDX-License-Identifier: MIT
#include "platform/vault/format/format.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "platform/system/error.h"
#include "platform/vault/format/slot_key.h"

namespace cred::test {
namespace {

struct Sample {
  LockedBytes data_key = LockedBytes::random(kDataKeySize);
  VaultHeader header;
  VaultCredentials credentials;

  Sample() {
    header.generation = 7;
    header.id = random_bytes(kVaultIdSize);
    header.commitment = commitment_to(data_key, header.id);
    KeySlot slot = new_slot(SlotKind::key_file);
    slot.path = "/run/keys/ä";
    const std::string material(kShortestKeyMaterial, 'k');
    wrap_data_key(slot, header.id, data_key, slot_key(slot, as_bytes(material)));
    header.slots.push_back(slot);
    credentials.emplace("reg.example", VaultCredential{"ada", Secret("s3"), 1});
    credentials.emplace("https://other.example/v1/",
                        VaultCredential{"<token>", Secret("\xff any"), 2});
  }
  [[nodiscard]] std::string bytes() const { return write_vault(header, credentials, data_key); }
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
  const VaultCredentials credentials = read_contents(bytes, header, sample.data_key).copy();
  CHECK(credentials.size() == 2);
  CHECK(credentials.at("reg.example").username == "ada");
  CHECK(credentials.at("reg.example").stored_at == 1);
  CHECK(credentials.at("https://other.example/v1/").secret.reveal() == "\xff any");
  CHECK(bytes.find("other.example") == std::string::npos);
  CHECK(bytes != sample.bytes());  // under another nonce
}

TEST_CASE("lengths hide behind a padding of 1 KiB") {
  Sample sample;
  const std::size_t size = sample.bytes().size();
  sample.credentials.at("reg.example").secret = Secret("a secret that is longer than before");
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

}  // namespace cred::test
