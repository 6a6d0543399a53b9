// SPDX-License-Identifier: MIT
// The credentials of a vault, as the bytes that are sealed in it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/locked_bytes.h"
#include "platform/system/secret.h"

namespace cred {

inline constexpr std::size_t kMostVaultCredentials = 100'000;

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

  // `padded` is what encode() makes. Throws Error(vault_unsafe).
  explicit VaultContents(LockedBytes padded);

  // nullptr if it holds none for `server`, in this spelling.
  [[nodiscard]] const Entry* find(std::string_view server) const;

  // In the order of their servers.
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] auto begin() const noexcept { return entries_.begin(); }
  [[nodiscard]] auto end() const noexcept { return entries_.end(); }

  // By server.
  [[nodiscard]] std::map<std::string, std::string> usernames() const;

  // To be changed, and written.
  [[nodiscard]] VaultCredentials copy() const;

 private:
  LockedBytes padded_;
  std::vector<Entry> entries_;
};

// The bytes to be sealed, padded so that their length tells little.
[[nodiscard]] std::string encode(const VaultCredentials& credentials);

}  // namespace cred
