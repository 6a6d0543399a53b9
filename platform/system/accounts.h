// SPDX-License-Identifier: MIT
// The accounts of this machine, and their files as root may read them: as their owner, and nothing
// more than that.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cred {

struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::filesystem::path home;
};

// Those that the account database lists, as of a person or of a service.
[[nodiscard]] std::vector<Account> list_accounts();

// The name of the account, or "uid 1000" where the database knows none.
[[nodiscard]] std::string account_name(uid_t uid);

// The largest file of an account that is read for it.
inline constexpr std::size_t kLargestForeignFile = std::size_t{1} << 20;

// The content of a regular file that belongs to `account`; nullopt if it is absent, or closed to
// the account itself. For root. A child with the account's uid and groups reads it, within ten
// seconds: so a link leads nowhere that the account itself may not go, and nothing of what the
// account can put there (a device, a pipe, a file system of its own) acts on root. Throws
// Error(io): it belongs to another, is no regular file, is too large, or cannot be read.
[[nodiscard]] std::optional<std::string> read_file_of(const Account& account,
                                                      const std::filesystem::path& file);

}  // namespace cred
