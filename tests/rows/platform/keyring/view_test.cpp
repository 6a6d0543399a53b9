// SPDX-License-Identifier: MIT
// Which items of a server a keyring has, as far as it shows them, and what the keyring is good for.
#include "platform/keyring/view.h"

#include <doctest/doctest.h>

#include "tests/lab/fake_keyring_service.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using std::chrono::milliseconds;

const std::string kServer = "r.example";

Attributes ours(const std::string& server, const std::string& username = "ada") {
  Attributes attributes = with_server(our_attributes(), server);
  attributes["username"] = username;
  return attributes;
}

Attributes of_another_schema(const std::string& server) {
  Attributes attributes = ours(server);
  attributes["xdg:schema"] = "org.example.Other";
  return attributes;
}

struct World {
  TemporaryFolder folder;
  FakeKeyring keyring;
  std::shared_ptr<ServerIndex> index = std::make_shared<ServerIndex>(folder.path() / "index");
  KeyringView view{
      [this](milliseconds reply) { return std::make_unique<FakeKeyringService>(keyring, reply); },
      milliseconds(300), index};

  void know(const std::string& server) { index->add_stored({&server, 1}, kKeyringId); }
};

}  // namespace

TEST_CASE("keyring view: how a server matches, and how many searches that takes") {
  struct Row {
    const char* name;
    std::vector<FakeItem> items;
    bool is_known, is_locked, hides_schemas, asks;
    std::size_t unlocked, locked;
    bool maybe_locked, is_empty;
    int searches;
  };
  const FakeItem item{.path = "/1", .attributes = ours(kServer)};
  const FakeItem locked_item{.path = "/1", .attributes = ours(kServer), .is_locked = true};
  const FakeItem other{.path = "/2", .attributes = of_another_schema(kServer)};
  const FakeItem locked_other{
      .path = "/2", .attributes = of_another_schema(kServer), .is_locked = true};
  const FakeItem stranger{.path = "/3", .attributes = ours("other.example")};
  const Row rows[] = {
      {"known and there", {item}, true, false, false, false, 1, 0, false, false, 1},
      {"known, and another's too", {item, other}, true, false, false, false, 1, 0, false, false, 1},
      {"there, and not known", {item}, false, false, false, false, 1, 0, false, false, 2},
      {"neither", {stranger}, false, false, false, false, 0, 0, false, true, 1},
      {"known and gone, unlocked: asked once more",
       {},
       true,
       false,
       false,
       false,
       0,
       0,
       false,
       true,
       4},
      {"known and not shown, locked", {}, true, true, false, false, 0, 0, true, false, 2},
      {"known and locked", {locked_item}, true, true, false, false, 0, 1, false, false, 1},
      {"locked, schema hidden", {locked_item}, true, true, true, false, 0, 1, false, false, 2},
      {"locked, schema hidden, not known",
       {locked_item},
       false,
       true,
       true,
       false,
       0,
       1,
       false,
       false,
       2},
      {"locked, another's: it may be ours",
       {locked_other},
       false,
       true,
       true,
       false,
       0,
       1,
       false,
       false,
       2},
      {"another's, unlocked: asked once more",
       {other},
       false,
       false,
       false,
       false,
       0,
       0,
       false,
       true,
       4},
      {"would ask, known", {item}, true, true, false, true, 0, 0, true, false, 0},
      {"would ask, not known", {item}, false, true, false, true, 0, 0, false, true, 0},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      World world;
      world.keyring.items = row.items;
      world.keyring.is_locked = row.is_locked;
      world.keyring.hides_schemas = row.hides_schemas;
      world.keyring.asks_while_locked = row.asks;
      if (row.is_known) world.know(kServer);
      const Match match = world.view.match(kServer);
      CHECK(match.items.unlocked.size() == row.unlocked);
      CHECK(match.items.locked.size() == row.locked);
      CHECK(match.maybe_locked == row.maybe_locked);
      CHECK(match.is_empty() == row.is_empty);
      CHECK(match.needs_unlock() == (row.maybe_locked || row.locked != 0));
      CHECK(world.keyring.searches == row.searches);
    }
  }
}

TEST_CASE("keyring view: many servers are matched by their place") {
  World world;
  world.know("known.example");
  world.keyring.items = {{.path = "/1", .attributes = ours("known.example")},
                         {.path = "/2", .attributes = ours("new.example")}};
  const std::vector<std::string> servers{"new.example", "none.example", "known.example"};
  const auto matches = world.view.match(servers);
  REQUIRE(matches.size() == 3);
  CHECK(matches[0].items.unlocked == std::vector<ObjectPath>{"/2"});
  CHECK(matches[1].is_empty());
  CHECK(matches[2].items.unlocked == std::vector<ObjectPath>{"/1"});
}

TEST_CASE("keyring view: a server is gone when nothing of ours is shown") {
  World world;
  CHECK(world.view.is_gone(kServer));
  world.keyring.items = {{.path = "/2", .attributes = of_another_schema(kServer)}};
  CHECK(world.view.is_gone(kServer));
  world.keyring.items.push_back({.path = "/1", .attributes = ours(kServer)});
  CHECK_FALSE(world.view.is_gone(kServer));
}

TEST_CASE("keyring view: the newest of several, and a user name for each server") {
  World world;
  world.keyring.items = {
      {.path = "/1", .attributes = ours("a.example", "old"), .modified = 10},
      {.path = "/2", .attributes = ours("a.example", "new"), .modified = 30},
      {.path = "/3", .attributes = ours("b.example", "bob"), .is_locked = true, .modified = 20},
      {.path = "/4", .attributes = ours("c.example", "carl"), .is_gone = true},
      {.path = "/5", .attributes = our_attributes()},
      {.path = "/6", .attributes = of_another_schema("d.example")}};
  const std::vector<ObjectPath> items{"/3", "/2", "/1"};
  CHECK(world.view.newest(items) == 1);
  CHECK(world.view.newest({{"/4"}}) == 0);
  CHECK(world.view.stored_at("a.example") == 30);
  CHECK_FALSE(world.view.stored_at("b.example"));
  CHECK_FALSE(world.view.stored_at("x.example"));
  std::map<std::string, std::string> usernames;
  for (const auto& [server, shown] : world.view.shown()) usernames[server] = shown.username;
  CHECK(usernames ==
        std::map<std::string, std::string>{{"a.example", "new"}, {"b.example", "bob"}});
  CHECK(world.view.shown().at("a.example").item == "/2");
}

TEST_CASE("keyring view: the default collection is asked for until there is one") {
  World world;
  world.keyring.collection = "";
  CHECK(world.view.default_collection().empty());
  CHECK_FALSE(world.view.is_default_locked());
  world.keyring.collection = "/made";
  world.keyring.is_locked = true;
  CHECK(world.view.default_collection() == "/made");
  const int asked = world.keyring.collections_asked;
  CHECK(world.view.is_default_locked());
  CHECK(world.keyring.collections_asked == asked);
}

TEST_CASE("keyring view: what was set before the service is opened counts for it") {
  World world;
  world.view.limit_replies(milliseconds(70));
  world.view.expect_secret();
  CHECK(world.keyring.opened == 0);
  static_cast<void>(world.view.service());
  CHECK(world.keyring.limit == milliseconds(70));
  CHECK(world.keyring.expects_secret);
  world.view.limit_replies(milliseconds(80));
  CHECK(world.keyring.limit == milliseconds(80));
  static_cast<void>(world.view.service());
  CHECK(world.keyring.opened == 1);
}

TEST_CASE("keyring view: after a failure to answer nothing more is asked") {
  struct Row {
    const char* name;
    Errc code;
    bool gives_up;
  };
  const Row rows[] = {
      {"no answer in time", Errc::timed_out, true},
      {"not reached", Errc::unavailable, true},
      {"no library", Errc::no_library, true},
      {"locked", Errc::locked, false},
      {"a failure of its own", Errc::keyring_failed, false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      World world;
      world.view.give_up(Error(row.code, "why"));
      if (row.gives_up) {
        CHECK_THROWS_WITH_AS(static_cast<void>(world.view.match(kServer)), "why", Error);
        CHECK(world.keyring.opened == 0);
      } else {
        CHECK(world.view.match(kServer).is_empty());
      }
    }
  }
}

TEST_CASE("keyring readiness") {
  struct Row {
    const char* name;
    const char* collection;
    bool is_locked, may_ask;
    std::optional<Error> failure;
    bool answers, is_unlocked;
    std::string obstacle;
  };
  const Row rows[] = {
      {"unlocked", "/c", false, false, {}, true, true, ""},
      {"locked, nobody to ask", "/c", true, false, {}, true, false, kCannotUnlock},
      {"locked, somebody to ask", "/c", true, true, {}, true, false, ""},
      {"no collection, nobody to ask", "", false, false, {}, true, false, kCannotCreate},
      {"no collection, somebody to ask", "", false, true, {}, true, false, ""},
      {"no answer", "/c", false, true, Error(Errc::timed_out, "late"), false, false, "late"},
      {"a failure of its own", "/c", false, true, Error(Errc::keyring_failed, "broken"), true,
       false, "broken"},
      {"no library", "/c", false, true, Error(Errc::no_library, "old"), false, false, "old"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      FakeKeyring keyring;
      keyring.collection = row.collection;
      keyring.is_locked = row.is_locked;
      keyring.failure = row.failure;
      KeyringView view(
          [&](milliseconds reply) { return std::make_unique<FakeKeyringService>(keyring, reply); },
          milliseconds(9000), std::make_shared<ServerIndex>(folder.path() / "index"));
      const Readiness found = find_readiness(
          view, {.reply = milliseconds(9000), .prompt = milliseconds(1), .may_ask = row.may_ask});
      CHECK(found.answers == row.answers);
      CHECK(found.is_unlocked == row.is_unlocked);
      CHECK((found.obstacle ? found.obstacle->reason : "") == row.obstacle);
      CHECK(keyring.limit == milliseconds(9000));  // as it was before the hurry
    }
  }
}

TEST_CASE("keyring readiness: the time of all questions together is limited") {
  const TemporaryFolder folder;
  FakeKeyring keyring;
  milliseconds first(0);
  KeyringView view(
      [&](milliseconds reply) {
        first = reply;
        return std::make_unique<FakeKeyringService>(keyring, reply);
      },
      milliseconds(9000), std::make_shared<ServerIndex>(folder.path() / "index"));
  static_cast<void>(find_readiness(view, {.reply = milliseconds(9000), .prompt = milliseconds(1)}));
  CHECK(first <= milliseconds(1500));
  CHECK_FALSE(find_readiness(view, {.reply = milliseconds(0), .prompt = milliseconds(1)}).answers);
}

}  // namespace cred::test
