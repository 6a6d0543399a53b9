// SPDX-License-Identifier: MIT
// The vault as bytes: format 1, which platform/README.md describes. Pure, save for the random
// nonces. Private to this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/locked_bytes.h"
#include "platform/system/secret.h"

namespace cred {

enum class SlotKind { passphrase, key_file, clevis };

// How a way is called in the file and on the command line: "passphrase", "key-file", "clevis".
[[nodiscard]] std::string_view name_of(SlotKind kind);

// A way to open the vault: how to come by a key that unwraps the data key. Byte strings are raw.
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
  std::string wrap;                 // 72 bytes: the data key, sealed by this way's key
};

struct VaultHeader {
  std::uint64_t generation = 0;  // goes up by one with every write
  std::string id;                // 16 bytes, for the vault's life
  std::string commitment;        // 32 bytes that only the one data key yields
  std::vector<KeySlot> slots;    // 1 to 32
};

struct VaultCredential {
  std::string username;
  Secret secret;
  std::uint64_t stored_at = 0;  // seconds since 1970
};

using VaultCredentials = std::map<std::string, VaultCredential, std::less<>>;  // by server

// What a vault holds, as it was read: in locked memory, which a secret leaves only where somebody
// takes it out, or copy() all of them.
class VaultContents {
 public:
  // Valid as long as the contents are.
  struct Entry {
    std::string_view server;
    std::string_view username;
    std::string_view secret;
    std::uint64_t stored_at = 0;  // seconds since 1970
  };

  // `padded` is what write_vault() seals. Throws Error(vault_unsafe).
  explicit VaultContents(LockedBytes padded);

  // nullptr if it holds none for `server`, in this spelling.
  [[nodiscard]] const Entry* find(std::string_view server) const;

  // In the order of their servers.
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }

  // To be changed, and written.
  [[nodiscard]] VaultCredentials copy() const;

 private:
  LockedBytes padded_;
  std::vector<Entry> entries_;
};

inline constexpr std::size_t kLargestVault = std::size_t{64} << 20;
inline constexpr std::size_t kMostVaultCredentials = 100'000;
inline constexpr std::size_t kMostSlots = 32;
inline constexpr std::size_t kDataKeySize = 32;
inline constexpr std::size_t kVaultIdSize = 16;
inline constexpr std::size_t kSlotIdSize = 4;
inline constexpr std::size_t kSaltSize = 16;
inline constexpr std::size_t kNonceSize = 24;

// What can be known without a key. Nothing of it is proven before read_entries() has succeeded.
// Throws Error(vault_unsafe), which says what is wrong with "it": an unknown version, or not byte
// for byte what write_vault() makes.
[[nodiscard]] VaultHeader read_header(std::string_view bytes);

// Throws Error(wrong_key) if `data_key` is that of another vault, Error(vault_unsafe) if the bytes
// are not those that were written, in any bit. `header` is what read_header() says of `bytes`.
[[nodiscard]] VaultContents read_contents(std::string_view bytes, const VaultHeader& header,
                                          const LockedBytes& data_key);

// The bytes of a whole vault. Throws Error(bad_request) beyond the limits above.
[[nodiscard]] std::string write_vault(const VaultHeader& header, const VaultCredentials& entries,
                                      const LockedBytes& data_key);

// XChaCha20-Poly1305 under a random nonce, which comes first.
[[nodiscard]] std::string seal(Bytes plain, std::string_view associated, const LockedBytes& key);
[[nodiscard]] std::optional<LockedBytes> unseal(std::string_view sealed,
                                                std::string_view associated, Bytes key);

// The commitment to `data_key` of the vault `id`.
[[nodiscard]] std::string commitment_to(const LockedBytes& data_key, std::string_view id);

[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::string random_bytes(std::size_t size);
[[nodiscard]] Bytes as_bytes(std::string_view text);

}  // namespace cred
