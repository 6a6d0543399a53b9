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

}  // namespace cred
