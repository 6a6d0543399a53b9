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
  constexpr Attendance kAtTerminal{.has_terminal = true, .has_dialogs = false};
  const auto hint = [](Errc code, const Attendance& here) {
    return hint_for(Error(code, "it failed"), here);
  };
  for (const Errc code : {Errc::vault_locked, Errc::vault_refused}) {
    CHECK(hint(code, kAtTerminal) == unlock_command(kVaultId));
  }
  // Whoever gave three wrong ones has tried that.
  CHECK(hint(Errc::wrong_passphrase, kAtTerminal).find("vault unlock") == std::string::npos);
  CHECK(hint(Errc::not_sealed, kAtTerminal).find("key list") == std::string::npos);
  // Where nobody can be asked now, as in cron: before, or never.
  CHECK(hint(Errc::vault_locked, {}).starts_with(unlock_command(kVaultId) + " --for "));
  CHECK(hint(Errc::vault_locked, {}).find("vault key add --key-file") != std::string::npos);
}

TEST_CASE("a keyring is unlocked at a desktop") {
  const Error locked(Errc::locked, "the keyring is locked");
  CHECK(hint_for(locked, {.has_terminal = false, .has_dialogs = true})
            .starts_with("unlock the login"));
  // packaging/setup makes a vault where it reads of that: not for a keyring that is only locked.
  const std::string elsewhere = hint_for(locked, {.has_terminal = true, .has_dialogs = false});
  CHECK(elsewhere.find("desktop session of this machine") != std::string::npos);
  CHECK(elsewhere.find("vault create") == std::string::npos);
}

}  // namespace cred::test
