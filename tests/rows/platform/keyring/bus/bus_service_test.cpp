// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>

#include "platform/keyring/bus/dh_session.h"
#include "platform/keyring/bus/sd_message.h"
#include "platform/keyring/bus/service.h"
#include "tests/lab/bus_peer.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

constexpr const char* kNoSuchObject = "org.freedesktop.Secret.Error.NoSuchObject";
constexpr const char* kUnknownMethod = "org.freedesktop.DBus.Error.UnknownMethod";

using Answer = std::function<void(sd_bus_message*)>;

Answer reply_paths(const char* first, const char* second) {
  return [=](sd_bus_message* call) { sd_bus_reply_method_return(call, "oo", first, second); };
}

Answer fail(const char* name) {
  return [name](sd_bus_message* call) { sd_bus_reply_method_errorf(call, name, "why"); };
}

void open_plain(sd_bus_message* call) {
  sd_bus_reply_method_return(call, "vo", "s", "", "/session");
}

// The bytes of the property `name`, asked for by "Get".
std::string asked_property(sd_bus_message* call) {
  const char* interface = nullptr;
  const char* name = nullptr;
  sd_bus_message_read(call, "ss", &interface, &name);
  return name;
}

std::string text_of(const std::optional<ItemContent>& item) {
  return item ? std::string(item->secret.reveal()) : "(gone)";
}

// An item whose secret goes over in the clear.
BusPeer::Answers plain_item(const Answer& attributes) {
  return {{"Get", attributes},
          {"OpenSession",
           [](sd_bus_message* call) {
             const char* algorithm = nullptr;
             sd_bus_message_read_basic(call, 's', &algorithm);
             if (std::string_view(algorithm) != "plain") {
               sd_bus_reply_method_errorf(call, "org.freedesktop.DBus.Error.NotSupported", "no");
             } else {
               open_plain(call);
             }
           }},
          {"GetSecret", [](sd_bus_message* call) {
             sd_bus_reply_method_return(call, "(oayays)", "/session", 0, 4, 'w', 'o', 'r', 'd',
                                        "text/plain");
           }}};
}

void reply_attributes(sd_bus_message* call) {
  sd_bus_reply_method_return(call, "v", "a{ss}", 1, "server", "a.example");
}

}  // namespace

TEST_CASE("a search asks for all at once, and again where the first call is denied") {
  int denied = 1;
  const BusPeer peer({{"SearchItems", [&](sd_bus_message* call) {
                         if (denied-- > 0) return fail(kUnknownMethod)(call);
                         const char* name = nullptr;
                         const char* server = nullptr;
                         sd_bus_message_enter_container(call, 'a', "{ss}");
                         sd_bus_message_read(call, "{ss}", &name, &server);
                         if (std::string_view(server) == "a.example") {
                           sd_bus_reply_method_return(call, "aoao", 1, "/open", 1, "/locked");
                         } else {
                           sd_bus_reply_method_return(call, "aoao", 0, 0);
                         }
                       }}});
  const auto service = open_bus_keyring(peer.address(), kLate);
  const Attributes wanted[] = {{{"server", "a.example"}}, {{"server", "b.example"}}};
  const auto found = service->search(wanted);
  REQUIRE(found.size() == 2);
  CHECK(found[0].unlocked == std::vector<ObjectPath>{"/open"});
  CHECK(found[0].locked == std::vector<ObjectPath>{"/locked"});
  CHECK((found[1].unlocked.empty() && found[1].locked.empty()));
  CHECK(peer.calls("SearchItems") == 4);
  denied = 9;
  CHECK(failure_of([&] { static_cast<void>(service->search(wanted)); }) == Errc::no_object);
}

TEST_CASE("what is gone is told from what fails") {
  const BusPeer peer({{"Get",
                       [](sd_bus_message* call) {
                         const std::string path = sd_bus_message_get_path(call);
                         if (path == "/gone") return fail(kNoSuchObject)(call);
                         if (path == "/broken") return fail("some.Error")(call);
                         if (asked_property(call) == "Modified") {
                           sd_bus_reply_method_return(call, "v", "t", std::uint64_t{7});
                         } else {
                           reply_attributes(call);
                         }
                       }},
                      {"OpenSession", open_plain},
                      {"Delete", [](sd_bus_message* call) {
                         fail(sd_bus_message_get_path(call) == std::string("/gone")
                                  ? kNoSuchObject
                                  : "some.Error")(call);
                       }}});
  const auto service = open_bus_keyring(peer.address(), kLate);
  const std::vector<ObjectPath> items{"/gone", "/there"};
  const auto attributes = service->attributes(items);
  CHECK_FALSE(attributes[0]);
  REQUIRE(attributes[1]);
  CHECK(attributes[1]->at("server") == "a.example");
  CHECK(service->modified(items) == std::vector<std::uint64_t>{0, 7});
  CHECK_FALSE(service->read("/gone"));
  CHECK(service->delete_item("/gone"));
  CHECK(failure_of([&] { static_cast<void>(service->attributes({{"/broken"}})); }) ==
        Errc::keyring_failed);
  CHECK(failure_of([&] { static_cast<void>(service->delete_item("/there")); }) ==
        Errc::keyring_failed);
}

TEST_CASE("a keyring without cryptography gets a plain session, once") {
  const BusPeer peer(plain_item(reply_attributes));
  const auto service = open_bus_keyring(peer.address(), kLate);
  for (int i = 0; i < 2; ++i) CHECK(text_of(service->read("/item")) == "word");
  CHECK(peer.calls("OpenSession") == 2);  // the one that was refused, and the plain one
}

TEST_CASE("a secret goes over encrypted, and one that cannot be decrypted is told") {
  DhSession theirs;
  bool is_changed = false;
  const BusPeer peer({{"Get", reply_attributes},
                      {"OpenSession",
                       [&](sd_bus_message* call) {
                         sd_bus_message_skip(call, "s");
                         sd_bus_message_enter_container(call, 'v', "ay");
                         REQUIRE(theirs.agree(read_bytes(call)));
                         sd_bus_message* made = nullptr;
                         sd_bus_message_new_method_return(call, &made);
                         const SdMessagePtr reply(made);
                         sd_bus_message_open_container(made, 'v', "ay");
                         append_bytes(made, theirs.public_key());
                         sd_bus_message_close_container(made);
                         sd_bus_message_append(made, "o", "/session");
                         sd_bus_send(nullptr, made, nullptr);
                       }},
                      {"GetSecret", [&](sd_bus_message* call) {
                         auto [iv, text] = theirs.encrypt(Secret("word-one"));
                         if (is_changed) text.pop_back();
                         sd_bus_message* made = nullptr;
                         sd_bus_message_new_method_return(call, &made);
                         const SdMessagePtr reply(made);
                         sd_bus_message_open_container(made, 'r', "oayays");
                         sd_bus_message_append(made, "o", "/session");
                         append_bytes(made, iv);
                         append_bytes(made, text);
                         sd_bus_message_append(made, "s", "text/plain");
                         sd_bus_message_close_container(made);
                         sd_bus_send(nullptr, made, nullptr);
                       }}});
  const auto service = open_bus_keyring(peer.address(), kLate);
  CHECK(text_of(service->read("/item")) == "word-one");
  is_changed = true;
  CHECK(failure_of([&] { static_cast<void>(service->read("/item")); }) == Errc::keyring_failed);
}

TEST_CASE("a session whose key is ambiguous is not used, and another one is opened") {
  int sessions = 0;
  std::unique_ptr<DhSession> theirs;
  const auto open_session = [&](sd_bus_message* call) {
    ++sessions;
    sd_bus_message_skip(call, "s");
    sd_bus_message_enter_container(call, 'v', "ay");
    const auto key = read_bytes(call);
    do {
      theirs = std::make_unique<DhSession>();
      REQUIRE(theirs->agree(key));
    } while (theirs->is_ambiguous() != (sessions == 1));
    sd_bus_message* made = nullptr;
    sd_bus_message_new_method_return(call, &made);
    const SdMessagePtr reply(made);
    sd_bus_message_open_container(made, 'v', "ay");
    append_bytes(made, theirs->public_key());
    sd_bus_message_close_container(made);
    sd_bus_message_append(made, "o", sessions == 1 ? "/ambiguous" : "/session");
    sd_bus_send(nullptr, made, nullptr);
  };
  std::string session;
  const BusPeer peer(
      {{"OpenSession", open_session}, {"CreateItem", [&](sd_bus_message* call) {
                                         sd_bus_message_skip(call, "a{sv}");
                                         sd_bus_message_enter_container(call, 'r', "oayays");
                                         session = read_text(call, 'o');
                                         sd_bus_reply_method_return(call, "oo", "/item", "/");
                                       }}});
  const auto service = open_bus_keyring(peer.address(), kLate);
  CHECK(service->create_item("/default", "label", {}, Secret("word")) == "/item");
  CHECK(session == "/session");
  CHECK(sessions == 2);
}

TEST_CASE("a keyring that wants to ask the user is not let, and says that nothing has changed") {
  BusPeer::Answers answers = plain_item(reply_attributes);
  answers["CreateItem"] = reply_paths("/", "/prompt");
  answers["Delete"] = [](sd_bus_message* call) {
    sd_bus_reply_method_return(call, "o", "/prompt");
  };
  answers["Dismiss"] = fail("some.Error");
  const BusPeer peer(answers);
  const auto service = open_bus_keyring(peer.address(), kLate);
  CHECK_FALSE(service->create_item("/default", "label", {{"a", "b"}}, Secret("word")));
  CHECK_FALSE(service->delete_item("/item"));
  CHECK(peer.calls("Dismiss") == 2);
}

TEST_CASE("an item that the keyring did not create is a failure") {
  BusPeer::Answers answers = plain_item(reply_attributes);
  answers["CreateItem"] = reply_paths("/", "/");
  const BusPeer peer(answers);
  const auto service = open_bus_keyring(peer.address(), kLate);
  CHECK(failure_of([&] {
          static_cast<void>(service->create_item("/default", "label", {}, Secret("word")));
        }) == Errc::keyring_failed);
}

TEST_CASE("an item is created, and deleted, where nobody need be asked") {
  BusPeer::Answers answers = plain_item(reply_attributes);
  answers["CreateItem"] = reply_paths("/item", "/");
  answers["Delete"] = [](sd_bus_message* call) { sd_bus_reply_method_return(call, "o", "/"); };
  const BusPeer peer(answers);
  const auto service = open_bus_keyring(peer.address(), kLate);
  CHECK(service->create_item("/default", "label", {{"a", "b"}}, Secret("word")) == "/item");
  CHECK(service->delete_item("/item"));
}

TEST_CASE("who is the keyring is asked of the bus alone") {
  struct Row {
    const char* name;
    Answer process;
    std::uint32_t expected;
  };
  const Row rows[] = {
      {"its process", [](auto* call) { sd_bus_reply_method_return(call, "u", 42U); }, 42},
      {"which has gone", fail("org.freedesktop.DBus.Error.NameHasNoOwner"), 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const BusPeer peer(
        {{"ListActivatableNames",
          [](sd_bus_message* call) {
            sd_bus_reply_method_return(call, "as", 2, "a.b", "org.freedesktop.secrets");
          }},
         {"NameHasOwner", [](sd_bus_message* call) { sd_bus_reply_method_return(call, "b", 1); }},
         {"GetConnectionUnixProcessID", row.process}});
    const Provider found = open_bus_keyring(peer.address(), kLate)->provider();
    CHECK(found.is_activatable);
    CHECK(found.is_running);
    CHECK(found.process == row.expected);
  }
}

TEST_CASE("KeePassXC asks before it searches, while it is locked") {
  struct Row {
    bool is_keepassxc;
    const char* collection;
    int is_locked;
    bool asks;
  };
  const Row rows[] = {{true, "/db", 1, true},
                      {true, "/db", 0, false},
                      {true, "/", 1, false},
                      {false, "/db", 1, false}};
  for (const Row& row : rows) {
    CAPTURE(row.collection);
    const BusPeer peer(
        {{"NameHasOwner",
          [&](sd_bus_message* call) {
            sd_bus_reply_method_return(call, "b", static_cast<int>(row.is_keepassxc));
          }},
         {"ReadAlias",
          [&](sd_bus_message* call) { sd_bus_reply_method_return(call, "o", row.collection); }},
         {"Get", [&](sd_bus_message* call) {
            sd_bus_reply_method_return(call, "v", "b", row.is_locked);
          }}});
    CHECK(open_bus_keyring(peer.address(), kLate)->asks_before_searching() == row.asks);
  }
}

TEST_CASE("an item counts as gone only where it is") {
  struct Row {
    const char* name;
    const char* fails;   // this method, as if there were no such object
    int attributes;      // so often they are there
    std::string secret;  // or what has failed
  };
  const Row rows[] = {
      {"there", "", 9, "word"},
      {"gone when it is looked at", "", 0, "(gone)"},
      {"gone between the two questions", "GetSecret", 1, "(gone)"},
      {"shown, and its secret is not", "GetSecret", 9, "(failed)"},
      {"shown, and no session is to be had", "OpenSession", 9, "(failed)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    int left = row.attributes;
    BusPeer::Answers answers = plain_item(
        [&](sd_bus_message* call) { (left-- > 0 ? reply_attributes : fail(kNoSuchObject))(call); });
    if (*row.fails != '\0') answers[row.fails] = fail(kNoSuchObject);
    const BusPeer peer(answers);
    const auto service = open_bus_keyring(peer.address(), kLate);
    std::string secret = "(failed)";
    const auto failure = failure_of([&] { secret = text_of(service->read("/item")); });
    CHECK(secret == row.secret);
    if (row.secret == "(failed)") CHECK(failure == Errc::no_object);
  }
}

}  // namespace cred::test
