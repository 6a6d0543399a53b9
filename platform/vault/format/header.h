// SPDX-License-Identifier: MIT
// The clear part of a vault: its version, and one JSON object with its id and its key slots.
// platform/README.md describes it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

enum class SlotKind { passphrase, key_file, clevis };

// As in the file and on the command line: "passphrase", "key-file", "clevis".
[[nodiscard]] std::string_view name_of(SlotKind kind);

// How to come by a key that unwraps the data key. Byte strings are raw.
struct KeySlot {
  std::string id;  // 4 bytes
  SlotKind kind = SlotKind::passphrase;
  std::string label;                // for people: the host on which it was added
  std::uint64_t created = 0;        // seconds since 1970
  std::string salt;                 // 16 bytes
  std::uint64_t ops = 0;            // passphrase: Argon2id's passes
  std::uint64_t mem = 0;            // passphrase: Argon2id's memory, in bytes
  std::optional<std::string> path;  // key-file: where it lay
  std::string pin;                  // clevis
  std::string sealed;               // clevis: the JWE
  std::string wrap;                 // 72 bytes: the data key, sealed by this slot's key
};

struct VaultHeader {
  std::uint64_t generation = 0;  // goes up by one with every write
  std::string id;                // 16 bytes, for the vault's life
  std::string commitment;        // 32 bytes that only the one data key yields
  std::vector<KeySlot> slots;    // 1 to 32
};

[[nodiscard]] bool has_slot(const VaultHeader& header, SlotKind kind);

inline constexpr std::size_t kMostSlots = 32;
inline constexpr std::size_t kVaultIdSize = 16;
inline constexpr std::size_t kSlotIdSize = 4;
inline constexpr std::size_t kSaltSize = 16;

// What can be known without a key. Nothing of it is proven before read_contents() has succeeded.
// Throws Error(vault_unsafe), which says what is wrong with "it": an unknown version, or not byte
// for byte what write_header() makes.
[[nodiscard]] VaultHeader read_header(std::string_view bytes);

// The clear part of a vault, which the rest of it is bound to.
[[nodiscard]] std::string write_header(const VaultHeader& header);

// As much of the bytes of a vault. Throws like read_header().
[[nodiscard]] std::string_view clear_part(std::string_view bytes);

}  // namespace cred
