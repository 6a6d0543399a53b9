// SPDX-License-Identifier: MIT
#include "platform/system/accounts.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace cred::test {

TEST_CASE("root is among the accounts, with a home") {
  const auto accounts = list_accounts();
  const auto root = std::ranges::find(accounts, uid_t{0}, &Account::uid);
  REQUIRE(root != accounts.end());
  CHECK_FALSE(root->name.empty());
  CHECK(root->home.is_absolute());
}

}  // namespace cred::test
