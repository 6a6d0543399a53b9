// SPDX-License-Identifier: MIT
#include "platform/system/environment.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>

namespace cred::test {

TEST_CASE("where things lie") {
  Environment environment;
  environment.uid = 1234;
  environment.account_home = "/home/account";
  SUBCASE("by the account") {
    CHECK(environment.home() == "/home/account");
    CHECK(environment.runtime_folder() == "/run/user/1234");
  }
  SUBCASE("by HOME") {
    environment.variables["HOME"] = "/home/ada";
    CHECK(environment.config_folder() == "/home/ada/.config/docker-credential-keyring");
    CHECK(environment.state_folder() == "/home/ada/.local/state/docker-credential-keyring");
    CHECK(environment.data_home() == "/home/ada/.local/share");
  }
  SUBCASE("by the XDG variables, relative ones ignored") {
    environment.variables["HOME"] = "/home/ada";
    environment.variables["XDG_STATE_HOME"] = "/state";
    environment.variables["XDG_CONFIG_HOME"] = "config";
    CHECK(environment.state_folder() == "/state/docker-credential-keyring");
    CHECK(environment.config_folder() == "/home/ada/.config/docker-credential-keyring");
  }
}

TEST_CASE("an empty variable counts as unset") {
  Environment environment;
  environment.variables["EMPTY"] = "";
  environment.variables["SET"] = "x";
  CHECK_FALSE(environment.get("EMPTY"));
  CHECK_FALSE(environment.get("ABSENT"));
  CHECK(environment.get("SET") == "x");
}

TEST_CASE("the runtime folder is the one that is named") {
  Environment environment;
  environment.variables["XDG_RUNTIME_DIR"] = "/run/mine";
  CHECK(environment.runtime_folder() == "/run/mine");
}

TEST_CASE("what surrounds the process is taken as it is") {
  REQUIRE(setenv("DCK_ROWS", "a=b", 1) == 0);
  CHECK(Environment::of_process(Notes()).get("DCK_ROWS") == "a=b");
  unsetenv("DCK_ROWS");
}

TEST_CASE("root is among the accounts, with a home") {
  const auto accounts = list_accounts();
  const auto root = std::ranges::find(accounts, uid_t{0}, &Account::uid);
  REQUIRE(root != accounts.end());
  CHECK_FALSE(root->name.empty());
  CHECK(root->home.is_absolute());
}

}  // namespace cred::test
