// SPDX-License-Identifier: MIT
#include "platform/system/accounts.h"

#include <pwd.h>

namespace cred {

std::vector<Account> list_accounts() {
  std::vector<Account> accounts;
  setpwent();
  while (const passwd* entry = getpwent()) {
    accounts.push_back({entry->pw_name, entry->pw_uid, entry->pw_dir});
  }
  endpwent();
  return accounts;
}

}  // namespace cred
