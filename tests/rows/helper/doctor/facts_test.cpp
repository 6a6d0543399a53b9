// SPDX-License-Identifier: MIT
#include "helper/doctor/facts.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/text/strings.h"
#include "tests/lab/quiet_machine.h"

namespace cred::test {
namespace {

// "server=username in STORES" of each.
std::string shown(const DoctorFacts& facts) {
  return join(facts.credentials(), "; ", [](const auto& of) {
    const auto& [server, credential] = of;
    return server + '=' + credential.username + " in " +
           join(credential.stores, ",", &StoreId::text);
  });
}

}  // namespace

TEST_CASE("which logins there are, by what the stores show and what the index knows") {
  DoctorFacts facts;
  StoreFacts& keyring = facts.stores[kKeyringId];
  StoreFacts& vault = facts.stores[kVaultId];
  keyring.usernames = {{"a", "ada"}};
  std::string expected = "a=ada in keyring";
  SUBCASE("one store shows one") {}
  SUBCASE("both show it: the first one's username") {
    vault.usernames = {{"a", "bob"}};
    expected = "a=ada in keyring,vault";
  }
  SUBCASE("an old copy is none") {
    keyring.stale = {"a"};
    vault.usernames = {{"a", "bob"}};
    expected = "a=bob in vault";
  }
  SUBCASE("an old copy of one is not one of another") { vault.stale = {"a"}; }
  SUBCASE("a store that shows nothing while it is locked") {
    vault.indexed = {"a", "b"};
    expected = "a=ada in keyring,vault; b= in vault";
  }
  SUBCASE("what is shown and indexed is there once") { keyring.indexed = {"a"}; }
  CHECK(shown(facts) == expected);
}

TEST_CASE("of every store there are facts, also on a machine that has none") {
  const QuietMachine machine;
  const DoctorFacts facts = gather_facts(machine.environment, machine.folder.path());
  for (const auto& known : kStores) {
    CAPTURE(known.name);
    REQUIRE(facts.stores.contains(known.id));
    CHECK_FALSE(facts.stores.at(known.id).is_unlocked);
  }
  CHECK(facts.stores.size() == kStores.size());
  CHECK(facts.keyring.failure);
  CHECK_FALSE(facts.vault.failure);
  CHECK_FALSE(facts.settings_file.failure);
}

TEST_CASE("what installs a package is known by its program") {
  const QuietMachine machine;
  const auto installer = [&machine] {
    return gather_facts(machine.environment, machine.folder.path()).installer;
  };
  CHECK(installer().empty());
  machine.folder.write("sbin/apk", "");
  CHECK(installer() == "apk add");
  machine.folder.write("usr/bin/dnf", "");
  CHECK(installer() == "dnf install");
}

}  // namespace cred::test
