// SPDX-License-Identifier: MIT
// What several backends list together, and what a new spelling replaces in them.
#include <doctest/doctest.h>

#include "tests/lab/memory_backends.h"

namespace cred::test {

TEST_CASE("what a new spelling replaces") {
  Choice choice;
  const auto replace = [&] {
    choice.chosen().remove_replaced({"a", "new", Secret("s3")}, {{"https://a"}});
  };
  hold(choice, choice.keyring, "https://a", "old");
  SUBCASE("goes in the same backend") {
    choice.put("a", "new");
    replace();
    CHECK_FALSE(choice.keyring.has("https://a"));
    CHECK_FALSE(choice.index->mentions("https://a", kKeyringId));
  }
  SUBCASE("goes in the other one") {
    hold(choice, choice.vault, "a", "older");
    choice.put("a", "new");
    replace();
    CHECK(choice.vault.has("a"));
    CHECK_FALSE(choice.keyring.has("https://a"));
  }
  SUBCASE("is stale in one that is locked") {
    choice.keyring.there = false;
    choice.put("a", "new");
    replace();
    CHECK(choice.index->is_stale("https://a", kKeyringId));
    choice.keyring.there = true;
    CHECK(choice.answer("https://a") == "(none)");
  }
  SUBCASE("is stale while another process puts, which may be what it replaces") {
    choice.put("a", "new");
    {
      const auto putting = ServerIndex(choice.folder.path() / "index").hold_for_put();
      REQUIRE(putting);
      replace();
    }
    CHECK(choice.index->is_stale("https://a", kKeyringId));
    CHECK(choice.answer("https://a") == "(none)");
    CHECK(choice.answer("a") == "new");
  }
  SUBCASE("stays where the new one has been replaced by it meanwhile") {
    choice.put("a", "new");
    ServerIndex(choice.folder.path() / "index").mark_stale({{"a"}}, kKeyringId);
    replace();
    CHECK(choice.keyring.has("https://a"));
    CHECK(choice.answer("https://a") == "old");
  }
  SUBCASE("stays where another credential has been stored meanwhile") {
    choice.put("a", "other");
    replace();
    CHECK(choice.keyring.has("https://a"));
  }
  SUBCASE("stays where nothing proves that the new one is there") {
    choice.put("a", "new");
    choice.keyring.memory.fail_get = Errc::io;
    replace();
    CHECK(choice.keyring.has("https://a"));
  }
}

TEST_CASE("list for who gets each: what is shut in one backend takes nothing from another") {
  using Usernames = std::map<std::string, std::string>;
  const Usernames both = {{"a", "ada"}, {"b", "bob"}};
  Choice choice;
  hold(choice, choice.keyring, "a", "ada");
  hold(choice, choice.vault, "b", "bob");
  const auto says = [&](const std::string& text) {
    return choice.notes.str().find(text) != std::string::npos;
  };
  SUBCASE("none is shut") {
    CHECK(choice.chosen().list_gettable() == both);
    CHECK(choice.notes.str().empty());
  }
  SUBCASE("the keyring is") {
    choice.keyring.takes = false;
    CHECK(choice.chosen().list_gettable() == Usernames{{"b", "bob"}});
    CHECK(says("leaves out 1 login of the keyring: it takes nothing"));
    CHECK(says("hint: unlock it in the desktop session"));
    CHECK(choice.store->list() == both);
  }
  SUBCASE("the vault is") {
    choice.vault.takes = false;
    CHECK(choice.chosen().list_gettable() == Usernames{{"a", "ada"}});
    CHECK(says("leaves out 1 login of the vault"));
    CHECK(says("hint: docker-credential-keyring vault unlock"));
  }
  SUBCASE("the keyring is not there: the index knows of it, and nothing can be unlocked") {
    choice.keyring.there = false;
    CHECK(choice.chosen().list_gettable() == Usernames{{"b", "bob"}});
    CHECK(says("leaves out 1 login of the keyring: it is not there"));
    CHECK_FALSE(says("hint"));
  }
  SUBCASE("both are") {
    choice.keyring.takes = choice.vault.takes = false;
    CHECK(choice.chosen().list_gettable() == both);
    CHECK(choice.notes.str().empty());
  }
  SUBCASE("a copy in the other does not help where the shut one is asked") {
    choice.vault.memory.put(Credential{"a", "copy", Secret("1")});
    choice.keyring.takes = false;
    CHECK(choice.chosen().list_gettable() == Usernames{{"b", "bob"}});
  }
  SUBCASE("a copy in the shut one is none of its own") {
    choice.keyring.memory.put(Credential{"b", "copy", Secret("1")});
    choice.keyring.memory.erase({{"a"}});
    choice.keyring.takes = false;
    CHECK(choice.chosen().list_gettable() == Usernames{{"b", "bob"}});
    CHECK(choice.notes.str().empty());
  }
}

}  // namespace cred::test
