// SPDX-License-Identifier: MIT
#include "platform/system/environment.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <set>
#include <string>

#include "tests/lab/temporary_folder.h"

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

TEST_CASE("what another user's variables would have root use") {
  const std::string theirs = TemporaryFolder().path().string();  // gone again: /tmp is root's
  TemporaryFolder folder;
  const auto below = folder.path() / "not/there/yet";
  setenv("XDG_DATA_HOME", below.c_str(), 1);
  setenv("XDG_STATE_HOME", theirs.c_str(), 1);
  setenv("DOCKER_CONFIG", below.c_str(), 1);
  const auto names = [] {
    std::set<std::string> found;
    for (const auto& place : Environment::of_process(Notes()).foreign) found.insert(place.variable);
    return found;
  };
  CHECK(names().empty());
  // Root's alone: to anybody else root's places are no temptation.
  if (geteuid() == 0) {
    REQUIRE(chown(folder.path().c_str(), 4242, 4242) == 0);
    CHECK(names() == std::set<std::string>{"DOCKER_CONFIG", "XDG_DATA_HOME"});
    const auto environment = Environment::of_process(Notes());
    CHECK_FALSE(environment.get("XDG_DATA_HOME"));
    CHECK(environment.get("XDG_STATE_HOME"));
    CHECK(environment.foreign.front().owner == 4242);
  }
  for (const char* name : {"XDG_DATA_HOME", "XDG_STATE_HOME", "DOCKER_CONFIG"}) unsetenv(name);
}

}  // namespace cred::test
