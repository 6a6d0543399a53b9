// SPDX-License-Identifier: MIT
// Answers that are not of the form that the protocol has for them: of other types, or no messages
// at all.
#include <doctest/doctest.h>

#include "platform/keyring/bus/service.h"
#include "tests/lab/bus_peer.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/raw_bus_peer.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

using Answer = std::function<void(sd_bus_message*)>;

bool asks_for_plain_session(sd_bus_message* call) {
  const char* algorithm = nullptr;
  sd_bus_message_read_basic(call, 's', &algorithm);
  sd_bus_message_rewind(call, 1);
  return std::string_view(algorithm) == "plain";
}

// What a keyring without cryptography answers.
BusPeer::Answers good_answers() {
  return {{"Get", [](auto* call) { sd_bus_reply_method_return(call, "v", "a{ss}", 0); }},
          {"OpenSession",
           [](auto* call) {
             if (asks_for_plain_session(call)) {
               sd_bus_reply_method_return(call, "vo", "s", "", "/session");
             } else {
               sd_bus_reply_method_errorf(call, "some.Error", "no such algorithm");
             }
           }},
          {"SearchItems", {}},
          {"GetSecret", {}},
          {"CreateItem", {}},
          {"ReadAlias", {}},
          {"Delete", {}},
          {"NameHasOwner", {}}};
}

struct Question {
  const char* name;
  const char* method;  // that it calls
  void (*ask)(KeyringService&);
};

// Those that open a session come first: it stays open.
constexpr Question kQuestions[] = {
    {"the session of a read", "OpenSession", [](auto& k) { static_cast<void>(k.read("/item")); }},
    {"the session of a change", "OpenSession",
     [](auto& k) { static_cast<void>(k.create_item("/default", "label", {}, Secret("word"))); }},
    {"a secret", "GetSecret", [](auto& k) { static_cast<void>(k.read("/item")); }},
    {"a change", "CreateItem",
     [](auto& k) { static_cast<void>(k.create_item("/default", "label", {}, Secret("word"))); }},
    {"attributes to read", "Get", [](auto& k) { static_cast<void>(k.read("/item")); }},
    {"attributes", "Get", [](auto& k) { static_cast<void>(k.attributes({{"/item"}})); }},
    {"a time", "Get", [](auto& k) { static_cast<void>(k.modified({{"/item"}})); }},
    {"whether it is locked", "Get", [](auto& k) { static_cast<void>(k.is_locked("/default")); }},
    {"a search", "SearchItems", [](auto& k) { static_cast<void>(k.search({{Attributes()}})); }},
    {"the collection", "ReadAlias", [](auto& k) { static_cast<void>(k.default_collection()); }},
    {"a deletion", "Delete", [](auto& k) { static_cast<void>(k.delete_item("/item")); }},
    {"who it is", "NameHasOwner", [](auto& k) { static_cast<void>(k.asks_before_searching()); }},
};

// What `questions` come to where the method that one calls answers `bad`; a plain session is always
// to be had, and must not be taken.
void all_fail(std::span<const Question> questions, const Answer& bad) {
  std::string broken;
  auto answers = good_answers();
  for (auto& [method, answer] : answers) {
    answer = [&broken, &bad, name = method, good = answer](sd_bus_message* call) {
      const bool is_bad =
          broken == name && (name != "OpenSession" || !asks_for_plain_session(call));
      (is_bad ? bad : good)(call);
    };
  }
  const BusPeer peer(answers);
  const auto service = open_bus_keyring(peer.address(), kLate);
  for (const auto& question : questions) {
    CAPTURE(question.name);
    broken = question.method;
    CHECK(failure_of([&] { question.ask(*service); }) == Errc::keyring_failed);
  }
}

}  // namespace

TEST_CASE("an answer of other types is the keyring's failure, to whatever it was asked") {
  const std::pair<const char*, Answer> contents[] = {
      {"nothing", [](auto* call) { sd_bus_reply_method_return(call, nullptr); }},
      {"a number", [](auto* call) { sd_bus_reply_method_return(call, "d", 7.0); }},
      {"a text", [](auto* call) { sd_bus_reply_method_return(call, "s", "text"); }},
      {"a text in a variant", [](auto* call) { sd_bus_reply_method_return(call, "v", "s", "b"); }},
      {"a boolean in two variants",
       [](auto* call) { sd_bus_reply_method_return(call, "v", "v", "b", 1); }},
      {"numbers", [](auto* call) { sd_bus_reply_method_return(call, "ad", 2, 1.0, 2.0); }},
      {"numbers for texts",
       [](auto* call) { sd_bus_reply_method_return(call, "v", "a{su}", 1, "server", 7U); }},
      {"texts for paths",
       [](auto* call) { sd_bus_reply_method_return(call, "asas", 1, "/item", 0); }},
      {"a struct of less", [](auto* call) { sd_bus_reply_method_return(call, "(oay)", "/s", 0); }},
      {"a struct of others",
       [](auto* call) {
         sd_bus_reply_method_return(call, "(ssss)", "/s", "", "word", "text/plain");
       }},
      {"an empty key", [](auto* call) { sd_bus_reply_method_return(call, "vo", "ay", 0, "/s"); }},
      {"a key that everybody knows",
       [](auto* call) { sd_bus_reply_method_return(call, "vo", "ay", 1, 1, "/s"); }},
  };
  for (const auto& content : contents) {
    SUBCASE(content.first) { all_fail(kQuestions, content.second); }
  }
}

TEST_CASE("an answer that ends too early is the keyring's failure") {
  struct Row {
    const char* method;
    Answer answer;
  };
  const Row rows[] = {
      {"OpenSession", [](auto* call) { sd_bus_reply_method_return(call, "v", "ay", 1, 2); }},
      {"CreateItem", [](auto* call) { sd_bus_reply_method_return(call, "o", "/item"); }},
      {"SearchItems", [](auto* call) { sd_bus_reply_method_return(call, "ao", 1, "/item"); }},
  };
  for (const Row& row : rows) {
    for (const auto& question : kQuestions) {
      if (std::string_view(row.method) == question.method) all_fail({&question, 1}, row.answer);
    }
  }
}

TEST_CASE("what is no message of D-Bus is a failure, within the limit") {
  const RawBusPeer good(RawReply{"o", {"\2\0\0\0/a\0", 7}});
  CHECK(open_bus_keyring(good.address(), kLate)->default_collection() == "/a");
  const std::string endless(4, '\xff');  // a length
  const std::pair<const char*, RawReply> replies[] = {
      {"an array longer than a message may be", {"ao", endless}},
      {"an array longer than its message", {"ao", {"\x40\0\0\0/a", 6}}},
      {"a text longer than its message", {"o", {"\x40\0\0\0/a\0", 7}}},
      {"a text without its end", {"o", {"\2\0\0\0/abc", 8}}},
      {"a path that is none", {"o", {"\2\0\0\0//\0", 7}}},
      {"half a type", {"a", {"\0\0\0\0", 4}}},
      {"an open struct", {"(o", {"\2\0\0\0/a\0", 7}}},
      {"a type that is none", {"!", {"\0\0\0\0", 4}}},
      {"less than it announces", {"o", {"\2\0\0\0/a\0", 7}, 1000}},
      {"more than a message may have", {"o", {"\2\0\0\0/a\0", 7}, 0x7fffffff}},
      {"no message", {"", {}, 0, true}},
  };
  for (const auto& reply : replies) {
    CAPTURE(reply.first);
    const RawBusPeer peer(reply.second);
    const auto service = open_bus_keyring(peer.address(), kLate);
    service->limit_replies(kSoon);
    const auto failure = failure_of([&] { static_cast<void>(service->default_collection()); });
    CHECK((failure == Errc::keyring_failed || failure == Errc::unavailable ||
           failure == Errc::timed_out));
    // And it stays usable enough to fail again.
    CHECK(failure_of([&] { static_cast<void>(service->search({{Attributes()}})); }) !=
          Errc::not_found);
  }
}

}  // namespace cred::test
