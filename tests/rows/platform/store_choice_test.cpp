// SPDX-License-Identifier: MIT
// Which of several backends is asked, written to and erased in.
#include "platform/store_choice.h"

#include <doctest/doctest.h>

#include "platform/system/error.h"
#include "tests/lab/memory_backends.h"
#include "tests/lab/refusal.h"

namespace cred::test {

TEST_CASE("which of two backends") {
  Choice choice;
  SUBCASE("a new server goes to the first, and nobody is told") {
    choice.put("a", "ada");
    CHECK(choice.keyring.has("a"));
    CHECK(choice.notes.str().empty());
  }
  SUBCASE("without a keyring to the vault, where it stays") {
    choice.keyring.there = false;
    choice.put("a", "ada");
    CHECK(choice.notes.str().empty());
    Choice later;
    later.index->add_stored({{"a"}}, kVaultId);
    later.put("a", "bob");
    CHECK(later.vault.has("a"));
    CHECK_FALSE(later.keyring.has("a"));
  }
  SUBCASE("the one that counts answers, and the other is not asked") {
    hold(choice, choice.keyring, "a", "old");
    hold(choice, choice.vault, "a", "new");
    CHECK(choice.answer("a") == "new");
    CHECK(choice.keyring.memory.touched.empty());
  }
  SUBCASE("a copy that could not be erased is stale, and erased at the next chance") {
    hold(choice, choice.vault, "a", "old");
    choice.vault.there = false;
    choice.put("a", "new");
    CHECK(choice.notes.str().find("goes to the keyring and not to the vault") != std::string::npos);
    CHECK(choice.index->is_stale("a", kVaultId));
    choice.vault.there = true;
    choice.keyring.memory.erase({{"a"}});
    CHECK(choice.answer("a") == "(none)");
    CHECK(choice.store->list().empty());
    CHECK(choice.vault.memory.held.empty());
    CHECK_FALSE(choice.index->is_stale("a", kVaultId));
  }
  SUBCASE("erase needs proof of each that is named, and of no other") {
    choice.index->add_stored({{"a"}}, kVaultId);
    choice.vault.there = false;
    CHECK_THROWS_AS(choice.chosen().erase({{"a"}}), Error);
    choice.vault.there = true;
    choice.keyring.there = false;
    choice.store->erase({{"a"}});
    CHECK_FALSE(choice.index->holder("a"));
  }
  SUBCASE("erase fails where nobody is known to have it, and one cannot say") {
    choice.vault.memory.fail_erase = Errc::vault_locked;
    const std::string reason = "the vault may have this login: told to fail";
    CHECK_THROWS_WITH(choice.chosen().erase({{"a"}}), reason.c_str());
    choice.keyring.there = false;
    CHECK_THROWS_WITH(choice.chosen().erase({{"a"}}), reason.c_str());
    choice.keyring.there = true;
    choice.index->add_stored({{"a"}}, kKeyringId);
    choice.chosen().erase({{"a"}});
    CHECK_FALSE(choice.index->holder("a"));
  }
  SUBCASE("who has it is said where it is known alone") {
    choice.index->add_stored({{"a"}}, kVaultId);
    choice.vault.takes = false;
    choice.vault.meanwhile = [] { throw Error(Errc::vault_locked, "it is locked"); };
    CHECK_THROWS_WITH(static_cast<void>(choice.answer("a")),
                      "the vault has this login: it is locked");
    choice.vault.meanwhile = [] { throw Error(Errc::vault_locked, "it is locked"); };
    CHECK_THROWS_WITH(static_cast<void>(choice.answer("b")),
                      "the vault may have this login: it is locked");
  }
  SUBCASE("without a vault the keyring says what is wrong with it") {
    choice.vault.there = false;
    choice.keyring.there = false;
    CHECK_THROWS_WITH(static_cast<void>(choice.answer("a")), "it is not there");
    CHECK_THROWS_WITH(choice.put("a", "ada"), "it is not there");
    CHECK(choice.chosen().obstacle()->reason == "it is not there");
  }
}

TEST_CASE("what another process stored anew is not cleared as a stale copy") {
  Choice choice;
  hold(choice, choice.vault, "a", "of before");
  hold(choice, choice.vault, "b", "bob");
  choice.index->mark_stale({{"a"}}, kVaultId);
  const auto store_anew = [&] {
    choice.vault.memory.put(Credential{"a", "anew", Secret("1")});
    ServerIndex(choice.folder.path() / "index").add_stored({{"a"}}, kVaultId);
  };
  SUBCASE("before it is looked for") {
    choice.vault.meanwhile = store_anew;
    CHECK(choice.answer("b") == "bob");
    CHECK(choice.answer("a") == "anew");
  }
  SUBCASE("and is just being stored") {
    const auto held = ServerIndex(choice.folder.path() / "index").hold_for_put();
    REQUIRE(held);
    CHECK(choice.answer("b") == "bob");
    CHECK(choice.vault.has("a"));
  }
  SUBCASE("but not if it was not") {
    CHECK(choice.answer("b") == "bob");
    CHECK_FALSE(choice.vault.has("a"));
  }
}

TEST_CASE("where the index does not say which counts, the newest by its own date does") {
  Choice choice;
  const auto both = [&](std::uint64_t in_keyring, std::uint64_t in_vault) {
    choice.keyring.memory.put(Credential{"a", "kay", Secret("1")});
    choice.vault.memory.put(Credential{"a", "val", Secret("1")});
    choice.keyring.dates["a"] = in_keyring;
    choice.vault.dates["a"] = in_vault;
  };
  SUBCASE("of both, and that stays known") {
    both(10, 20);
    CHECK(choice.answer("a") == "val");
    CHECK(choice.index->holder("a") == kVaultId);
    choice.keyring.dates["a"] = 30;
    CHECK(choice.answer("a") == "val");
  }
  SUBCASE("that of the first where it is newer, or as old") {
    both(20, 20);
    CHECK(choice.answer("a") == "kay");
    both(30, 20);
    CHECK(choice.answer("a") == "kay");
  }
  SUBCASE("also where both were only seen") {
    both(10, 20);
    choice.index->add_seen({{"a"}}, kKeyringId);
    choice.index->add_seen({{"a"}}, kVaultId);
    CHECK(choice.answer("a") == "val");
  }
  SUBCASE("but not one that was replaced, is locked, or has no date") {
    both(10, 20);
    SUBCASE("replaced") { choice.index->mark_stale({{"a"}}, kVaultId); }
    SUBCASE("locked") { choice.vault.open = false; }
    SUBCASE("no date") { choice.vault.dates.clear(); }
    CHECK(choice.answer("a") == "kay");
  }
  SUBCASE("where one is named alone, no other is asked") {
    both(10, 20);
    choice.index->add_stored({{"a"}}, kKeyringId);
    CHECK(choice.answer("a") == "kay");
    CHECK(choice.vault.memory.touched == std::vector<std::string>{"put a"});
  }
}

TEST_CASE("a stale copy does not answer where a setting names its backend") {
  Choice choice(kVaultId);
  hold(choice, choice.vault, "a", "of before");
  choice.index->mark_stale({{"a"}}, kVaultId);
  CHECK(choice.answer("a") == "(none)");
}

TEST_CASE("a setting names the only backend") {
  Choice choice(kVaultId);
  choice.keyring.memory.put(Credential{"a", "kay", Secret("1")});
  CHECK(choice.answer("a") == "(none)");
  choice.put("b", "val");
  CHECK(choice.vault.has("b"));
  CHECK(choice.store->list() == std::map<std::string, std::string>{{"b", "val"}});
  SUBCASE("and of another it knows what has to be erased there") {
    hold(choice, choice.keyring, "c", "old");
    choice.put("c", "new");
    CHECK_FALSE(choice.keyring.has("c"));
    CHECK(choice.notes.str().find("the setting \"store\" says so") != std::string::npos);
  }
}

TEST_CASE("which of three backends") {
  Choice choice;
  MemoryBackend& fleet = choice.add(kFleetId);
  SUBCASE("a new server goes to the first that has no obstacle") {
    choice.keyring.takes = false;
    choice.vault.takes = false;
    choice.put("a", "ada");
    CHECK(fleet.has("a"));
    CHECK(fleet.questions == 0);  // nothing was left to choose
    CHECK(choice.chosen().name() == "fleet");
  }
  SUBCASE("one that is not there is passed over") {
    choice.keyring.there = false;
    choice.vault.there = false;
    choice.put("a", "ada");
    CHECK(fleet.has("a"));
    CHECK(choice.vault.questions == 0);
  }
  SUBCASE("where all have an obstacle, that which is there") {
    for (auto* backend : {&choice.keyring, &choice.vault, &fleet}) backend->takes = false;
    fleet.there = false;
    choice.put("a", "ada");
    CHECK(choice.vault.has("a"));
  }
  SUBCASE("the newer replaces each older one") {
    hold(choice, choice.keyring, "a", "1");
    hold(choice, choice.vault, "a", "2");
    hold(choice, fleet, "a", "3");
    choice.vault.there = false;
    choice.put("a", "4");
    CHECK(fleet.has("a"));
    CHECK_FALSE(choice.keyring.has("a"));
    CHECK(choice.index->is_stale("a", kVaultId));
    CHECK(choice.answer("a") == "4");
  }
  SUBCASE("the one that counts is asked first, the others in their order") {
    hold(choice, fleet, "a", "3");
    CHECK(choice.answer("a") == "3");
    CHECK(choice.keyring.memory.touched.empty());
    CHECK(choice.answer("b") == "(none)");
    CHECK(fleet.memory.touched == std::vector<std::string>{"get a", "get b"});
    CHECK(choice.keyring.memory.touched == std::vector<std::string>{"get b"});
  }
  SUBCASE("erase and list go to all") {
    hold(choice, choice.keyring, "a", "1");
    hold(choice, choice.vault, "b", "2");
    hold(choice, fleet, "c", "3");
    CHECK(choice.chosen().list().size() == 3);
    CHECK(choice.store->known_servers() == std::vector<std::string>{"a", "b", "c"});
    choice.store->erase({{"a", "b", "c"}});
    CHECK(choice.store->list().empty());
  }
}

TEST_CASE("a backend takes part in what it says") {
  Choice choice;
  SUBCASE("one that takes nothing new and is never replaced, erased or listed still answers") {
    MemoryBackend& fleet = choice.add(kFleetId, {false, false, false, false});
    hold(choice, fleet, "a", "fleet");
    CHECK(choice.answer("a") == "fleet");
    CHECK(choice.chosen().list().empty());
    choice.store->erase({{"a"}});
    CHECK(fleet.has("a"));
    choice.put("a", "mine");  // where it is, it cannot be replaced
    CHECK(choice.keyring.has("a"));
    CHECK(fleet.has("a"));
    CHECK(choice.answer("a") == "mine");
    CHECK(choice.notes.str().empty());
  }
  SUBCASE("one that takes nothing new is passed over, and keeps what it has up to date") {
    MemoryBackend& fleet = choice.add(kFleetId, {.takes_new = false});
    choice.keyring.there = false;
    choice.vault.there = false;
    CHECK_THROWS_AS(choice.put("a", "ada"), Error);
    CHECK_FALSE(fleet.has("a"));
    hold(choice, fleet, "b", "old");
    choice.put("b", "new");
    CHECK(choice.answer("b") == "new");
    CHECK(fleet.has("b"));
  }
}

TEST_CASE("home, of which the servers that it claims go there") {
  Choice choice;
  MemoryBackend& home =
      choice.add(kHomeId, {.takes_new = false, .is_replaced = false, .is_asked_early = true});
  SUBCASE("it answers before what no index names, and behind what one does") {
    home.memory.put(Credential{"a", "home", Secret("1")});
    choice.vault.memory.put(Credential{"a", "vault", Secret("1")});
    CHECK(choice.answer("a") == "home");
    choice.index->add_stored({{"a"}}, kVaultId);
    CHECK(choice.answer("a") == "vault");
  }
  SUBCASE("a login that it claims is forgotten here") {
    hold(choice, choice.vault, "a", "old");
    home.claimed = "a";
    choice.put("a", "new");
    CHECK(home.has("a"));
    CHECK_FALSE(choice.vault.has("a"));
    choice.put("b", "mine");
    CHECK_FALSE(home.has("b"));
  }
  SUBCASE("a login that is stored here erases nothing there") {
    home.memory.put(Credential{"a", "home", Secret("1")});
    choice.put("a", "mine");
    CHECK(home.has("a"));
    CHECK(choice.answer("a") == "mine");
  }
  SUBCASE("an erase is no success while it answers") {
    hold(choice, choice.vault, "a", "mine");
    home.memory.put(Credential{"a", "home", Secret("1")});
    home.memory.fail_erase = Errc::home_refused;
    CHECK(failure_of([&] { choice.chosen().erase({{"a"}}); }) == Errc::home_refused);
    CHECK_FALSE(choice.vault.has("a"));
  }
}

}  // namespace cred::test
