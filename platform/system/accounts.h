// SPDX-License-Identifier: MIT
// The accounts of this machine.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cred {

struct Account {
  std::string name;
  uid_t uid = 0;
  std::filesystem::path home;
};

// Those that the account database lists, as of a person or of a service.
[[nodiscard]] std::vector<Account> list_accounts();

}  // namespace cred
