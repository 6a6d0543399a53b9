// SPDX-License-Identifier: MIT
// The cryptography that everything in this folder is made of, and its bytes as text. Pure, save for
// what is random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/system/locked_bytes.h"

namespace cred {

inline constexpr std::size_t kDataKeySize = 32;
inline constexpr std::size_t kNonceSize = 24;
inline constexpr std::size_t kTagSize = 16;

// XChaCha20-Poly1305 under a random nonce, which comes first.
[[nodiscard]] std::string seal(Bytes plain, std::string_view associated, const LockedBytes& key);
[[nodiscard]] std::optional<LockedBytes> unseal(std::string_view sealed,
                                                std::string_view associated, Bytes key);

// What only `data_key` yields for the vault `id`, and gives nothing of it away.
[[nodiscard]] std::string commitment_to(const LockedBytes& data_key, std::string_view id);

[[nodiscard]] std::string to_hex(std::string_view bytes);

// nullopt if `hex` is not as to_hex() makes it of `size` bytes.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view hex, std::size_t size);

[[nodiscard]] std::string random_bytes(std::size_t size);

// Numbers of so many bytes, the least significant first.
inline void append_number(std::string& to, std::uint64_t value, std::size_t bytes) {
  for (; bytes > 0; --bytes, value >>= 8U) to += static_cast<char>(value & 0xFFU);
}
[[nodiscard]] inline std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

}  // namespace cred
