// SPDX-License-Identifier: MIT
// The accounts of this machine, and their files as root may read them: as their owner, and nothing
// more than that.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::filesystem::path home;
};

// The uid that `text` is, in digits; nullopt for anything else, and for that which stands for none.
[[nodiscard]] std::optional<uid_t> parse_uid(std::string_view text);

// Those that the account database lists, as of a person or of a service.
[[nodiscard]] std::vector<Account> list_accounts();

// Those, and the owners of the folders in /home that the database does not list, as accounts of a
// network; root's folders there are nobody's. Each home is absolute, and there once for each user.
[[nodiscard]] std::vector<Account> list_accounts_with_homes();

// The exit status of `work`, which a child does as `account`: with its uid and groups, an empty
// environment and a keyring of its own, in "/", with nothing open that this process has. It starts
// no program as that user, so nobody may trace it, or read what it has of root's. nullopt where it
// did not become the account, failed, or had not ended within `limit`. Throws Error(io) where no
// child can be made, or the account is in too many groups. For root, in a process of one thread.
[[nodiscard]] std::optional<int> run_as(const Account& account, const std::function<int()>& work,
                                        std::chrono::seconds limit);

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
