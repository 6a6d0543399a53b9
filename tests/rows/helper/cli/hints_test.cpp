// SPDX-License-Identifier: MIT
#include "helper/cli/hints.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("a vault is made as whoever is there can unlock it") {
  CHECK(vault_create_command(/*at_terminal=*/true, "/k") ==
        "docker-credential-keyring vault create");
  CHECK(vault_create_command(/*at_terminal=*/false, "/a key") ==
        "docker-credential-keyring vault create --key-file '/a key'");
}

TEST_CASE("which store a command of ours unlocks") {
  CHECK(unlock_command(kVaultId) == "docker-credential-keyring vault unlock");
  CHECK(unlock_command(kKeyringId).empty());
  CHECK(unlock_command(StoreId("fleet")).empty());
}

TEST_CASE("what unlocks the vault is also the hint where it is locked") {
  for (const Errc code : {Errc::vault_locked, Errc::vault_refused}) {
    CHECK(hint_for(code) == unlock_command(kVaultId));
  }
  // Whoever gave three wrong ones has tried that.
  CHECK(hint_for(Errc::wrong_passphrase).find("vault unlock") == std::string_view::npos);
  CHECK(hint_for(Errc::not_sealed).find("key list") == std::string_view::npos);
}

}  // namespace cred::test
