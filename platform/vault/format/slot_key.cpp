// SPDX-License-Identifier: MIT
#include "platform/vault/format/slot_key.h"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <limits>

#include "platform/system/error.h"
#include "platform/text/printable.h"
#include "platform/vault/format/clock.h"

namespace cred {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

// What new slots take; `kSmall` where a machine has little memory.
struct Stretching {
  std::uint64_t ops, mem;
};
constexpr Stretching kUsual = {3, 256 * kMiB};
constexpr Stretching kSmall = {4, 64 * kMiB};
constexpr std::uint64_t kAmpleMemory = 1024 * kMiB;
constexpr std::uint64_t kAmpleGroup = 512 * kMiB;

constexpr std::size_t kLongestPassphrase = 1023;

// What is obeyed in a file.
constexpr std::uint64_t kMostOps = 32;
constexpr std::uint64_t kLeastMem = 8 * kMiB;
constexpr std::uint64_t kMostMem = 1024 * kMiB;
constexpr std::uint64_t kMostWork = 4096 * kMiB;

std::optional<std::uint64_t> number_in(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::uint64_t value = 0;
  if (!(stream >> value)) return std::nullopt;  // also "max"
  return value;
}

std::uint64_t available_memory() {
  constexpr std::uint64_t kKiB = 1024;
  std::ifstream info("/proc/meminfo");
  for (std::string word; info >> word;) {
    std::uint64_t value = 0;
    if (word == "MemAvailable:" && info >> value) return value * kKiB;
  }
  return std::numeric_limits<std::uint64_t>::max();
}

// The smallest limit of the memory control groups that this process is in, up to their root. Beyond
// it the kernel does not refuse memory: it kills.
std::uint64_t group_limit() {
  std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool unified = controllers.empty();
    if (!unified && controllers != "memory") continue;
    const std::filesystem::path root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const char* file = unified ? "memory.max" : "memory.limit_in_bytes";
    std::filesystem::path group = std::filesystem::path(line.substr(second + 1)).relative_path();
    for (;; group = group.parent_path()) {
      if (const auto limit = number_in(root / group / file)) smallest = std::min(smallest, *limit);
      if (group.empty()) break;
    }
  }
  return smallest;
}

void check_stretching(const KeySlot& slot) {
  if (slot.ops < 1 || slot.ops > kMostOps || slot.mem < kLeastMem || slot.mem > kMostMem ||
      slot.ops * slot.mem > kMostWork) {
    throw Error(Errc::vault_unsafe, "a passphrase of the vault asks for more work than is allowed");
  }
  if (std::min(available_memory(), group_limit()) < slot.mem) {
    throw Error(Errc::io, "this passphrase needs " + std::to_string(slot.mem / kMiB) +
                              " MiB of memory, and there is less; use another key of the "
                              "vault, or allow more memory");
  }
}

LockedBytes stretch(const KeySlot& slot, Bytes passphrase) {
  if (passphrase.empty() || passphrase.size() > kLongestPassphrase) {
    throw Error(Errc::bad_request, "a passphrase has 1 to 1023 bytes");
  }
  check_stretching(slot);
  LockedBytes key(kDataKeySize);
  static_assert(crypto_pwhash_SALTBYTES == kSaltSize);
  if (crypto_pwhash(key.data(), key.size(), reinterpret_cast<const char*>(passphrase.data()),
                    passphrase.size(), as_bytes(slot.salt).data(), slot.ops, slot.mem,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw Error(Errc::io, "there is not enough memory for this passphrase: it needs " +
                              std::to_string(slot.mem / kMiB) + " MiB");
  }
  return key;
}

LockedBytes digest(Bytes material, std::string_view salt, std::string_view personal) {
  LockedBytes key(kDataKeySize);
  crypto_generichash_blake2b_salt_personal(key.data(), key.size(), material.data(), material.size(),
                                           nullptr, 0, as_bytes(salt).data(),
                                           as_bytes(personal).data());
  return key;
}

std::string associated_data(const KeySlot& slot, std::string_view vault_id) {
  return "dckv1 wrap" + std::string(vault_id) + slot.id + std::string(name_of(slot.kind));
}

std::string host_name() {
  constexpr std::size_t kLongest = 64;  // as the kernel has it
  std::array<char, kLongest + 1> name = {};
  if (gethostname(name.data(), kLongest) != 0) return "";
  return plain_ascii(name.data());
}

}  // namespace

KeySlot new_slot(SlotKind kind) {
  KeySlot slot;
  slot.id = random_bytes(kSlotIdSize);
  slot.kind = kind;
  slot.label = host_name();
  slot.created = seconds_now();
  slot.salt = random_bytes(kSaltSize);
  if (kind == SlotKind::passphrase) {
    const bool ample = available_memory() >= kAmpleMemory && group_limit() >= kAmpleGroup;
    const Stretching stretching = ample ? kUsual : kSmall;
    slot.ops = stretching.ops;
    slot.mem = stretching.mem;
  }
  return slot;
}

LockedBytes slot_key(const KeySlot& slot, Bytes material) {
  switch (slot.kind) {
    case SlotKind::passphrase:
      return stretch(slot, material);
    case SlotKind::key_file:
      return digest(material, slot.salt, "dckv1 key file  ");
    case SlotKind::clevis:
      return digest(material, slot.salt, "dckv1 sealed    ");
  }
  throw Error(Errc::vault_unsafe, "the vault has an unknown kind of key");
}

void wrap_data_key(KeySlot& slot, std::string_view vault_id, const LockedBytes& data_key,
                   const LockedBytes& key) {
  slot.wrap = seal(data_key.bytes(), associated_data(slot, vault_id), key);
}

std::optional<LockedBytes> unwrap_data_key(const KeySlot& slot, std::string_view vault_id,
                                           const LockedBytes& key) {
  return unseal(slot.wrap, associated_data(slot, vault_id), key.bytes());
}

}  // namespace cred
