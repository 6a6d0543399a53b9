// SPDX-License-Identifier: MIT
// gnome-keyring's files that protect nothing.
#include "platform/keyring/status.h"

#include <doctest/doctest.h>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("keyrings without a password are found") {
  const TemporaryFolder folder;
  folder.write(".local/share/keyrings/login.keyring", "[keyring]\ndisplay-name=login\n");
  folder.write(".local/share/keyrings/safe.keyring", "GnomeKeyring\n\r");
  folder.write(".local/share/keyrings/user.keystore", "[keyring]");
  Environment environment;
  environment.variables["HOME"] = folder.path();
  const auto found = find_unprotected_keyrings(environment);
  REQUIRE(found.size() == 1);
  CHECK(found.front().filename() == "login.keyring");
}

TEST_CASE("without a folder of keyrings there is none without a password") {
  Environment environment;
  environment.variables["HOME"] = "/nonexistent";
  CHECK(find_unprotected_keyrings(environment).empty());
}

}  // namespace cred::test
