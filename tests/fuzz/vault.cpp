// SPDX-License-Identifier: MIT
// A vault: its header, and what was sealed behind it.
#include <string>

#include "platform/vault/format/format.h"
#include "platform/vault/format/slot_key.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {
namespace {

constexpr std::size_t kBlock = 1024;  // that what is sealed is padded to

const LockedBytes& data_key() {
  static const LockedBytes key(as_bytes("a data key is made of thirty-two"));
  return key;
}

// Every kind of key but a passphrase within the limits, which takes memory and time.
void check_slots(const VaultHeader& header) {
  for (KeySlot slot : header.slots) {
    constexpr std::uint64_t kMuch = std::uint64_t{1} << 23;
    const bool is_dear = slot.kind == SlotKind::passphrase && slot.mem >= kMuch;
    if (is_dear && slot.ops >= 1 && slot.ops <= 32) continue;
    const auto key = result_of([&] { return slot_key(slot, as_bytes("material")); });
    hold(key.has_value() == (slot.kind != SlotKind::passphrase), "no work beyond the limits");
    if (!key) continue;
    hold(!unwrap_data_key(slot, header.id, *key), "a key that is not the slot's unwraps nothing");
    wrap_data_key(slot, header.id, data_key(), *key);
    const auto unwrapped = unwrap_data_key(slot, header.id, *key);
    hold(unwrapped && same_bytes(unwrapped->bytes(), data_key().bytes()), "wrapped and unwrapped");
  }
}

void check_header(const std::string& bytes) {
  const auto read = result_of([&] { return read_header(bytes); });
  if (!read) return;
  VaultHeader header = *read;
  hold(write_header(header) == clear_part(bytes), "a header is written again as it was read");
  check_slots(header);
  hold(!result_of([&] { return read_contents(bytes, header, data_key()).size(); }), "another key");

  header.commitment = commitment_to(data_key(), header.id);
  VaultCredentials credentials;
  credentials["reg.example"] = {"ada", Secret(kSecretWord), header.generation};
  std::string whole = write_vault(header, credentials, data_key());
  const VaultHeader again = read_header(whole);
  hold(write_header(again) == write_header(header), "a header that was changed, too");
  const auto contents = read_contents(whole, again, data_key());
  const auto* const entry = contents.find("reg.example");
  hold(entry != nullptr && entry->secret == kSecretWord, "what was stored is there");
  whole.back() = static_cast<char>(whole.back() ^ 1);
  hold(!result_of([&] { return read_contents(whole, again, data_key()).size(); }),
       "no bit is lost");
}

void check_contents(const std::string& padded) {
  const auto contents = result_of([&] { return VaultContents(LockedBytes(as_bytes(padded))); });
  if (!contents) return;
  hold(encode(contents->copy()) == padded, "what was sealed is sealed again as the same bytes");
  hold(contents->usernames().size() == contents->size(), "each server once");
  for (const auto& entry : *contents) {
    const auto* const found = contents->find(entry.server);
    hold(found != nullptr && found->secret == entry.secret, "each is found");
  }
}

}  // namespace

void fuzz(const std::string& input) {
  check_header(input);
  check_contents(input);
  std::string padded = input + '\x80';
  padded.resize((padded.size() + kBlock - 1) / kBlock * kBlock);
  check_contents(padded);
}

}  // namespace cred::test
