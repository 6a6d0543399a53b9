// SPDX-License-Identifier: MIT
// The vault as bytes: format 1, which platform/README.md describes. Its clear part stands in
// header.h, what is sealed in contents.h.
#pragma once

#include <string>
#include <string_view>

#include "platform/vault/format/contents.h"
#include "platform/vault/format/header.h"
#include "platform/vault/format/sealing.h"

namespace cred {

inline constexpr std::size_t kLargestVault = std::size_t{64} << 20;

// Whether `data_key` is that of the vault.
[[nodiscard]] bool is_key_of(const LockedBytes& data_key, const VaultHeader& header);

// Throws Error(wrong_key) if `data_key` is that of another vault, Error(vault_unsafe) if the bytes
// are not those that were written, in any bit. `header` is what read_header() says of `bytes`.
[[nodiscard]] VaultContents read_contents(std::string_view bytes, const VaultHeader& header,
                                          const LockedBytes& data_key);

// The bytes of a whole vault. Throws Error(bad_request) beyond the limits above.
[[nodiscard]] std::string write_vault(const VaultHeader& header,
                                      const VaultCredentials& credentials,
                                      const LockedBytes& data_key);

}  // namespace cred
