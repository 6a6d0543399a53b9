// SPDX-License-Identifier: MIT
#include "helper/forward/answer.h"

#include <doctest/doctest.h>

#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

using Kind = MessageKind;

struct Home {
  MemoryStore store;
  ForwardScope scope{{"reg.example", "reg.example/team"}};
  bool allows_store = false;
  int signs = 0;
  std::optional<std::uint64_t> nobody_asked_until;

  Home() {
    store.put(Credential{"reg.example", "ada", Secret("s3")});
    store.put(Credential{"other.example", "bob", Secret("s4")});
    store.touched.clear();
  }
  ForwardReply answer(Message request) {
    const ForwardRequest asked{
        std::move(request), {"uid 1", nobody_asked_until}, [this] { ++signs; }};
    return answer_request(
        asked, {scope, allows_store, store, [](const Error&) { return std::string("unlock it"); }});
  }
};

}  // namespace

TEST_CASE("home gives what is forwarded, and of the rest not even whether it is there") {
  Home home;
  const auto given = home.answer({Kind::get, {"reg.example"}});
  CHECK(given.message == Message{Kind::found, {"reg.example", "ada", "s3"}});
  CHECK(given.log == "given: \"reg.example\"");
  CHECK_FALSE(given.was_asked_in_vain);
  CHECK(home.signs == 1);

  for (const char* server : {"other.example", "reg.example/team/app", "nowhere.example", ""}) {
    CAPTURE(server);
    CHECK(home.answer({Kind::get, {server}}).message == Message{Kind::missing, {"reg.example"}});
  }
  CHECK(home.signs == 1);
  CHECK(home.store.touched == std::vector<std::string>{"get reg.example"});

  CHECK(home.answer({Kind::get, {"reg.example/team"}}).message ==
        Message{Kind::missing, {"reg.example"}});
  CHECK(home.answer({Kind::list}).message == Message{Kind::listed, {"reg.example", "ada"}});
}

TEST_CASE("home changes what is forwarded where that is allowed, and nothing else") {
  Home home;
  const Message stored{Kind::store, {"reg.example", "eve", "new"}};
  CHECK(home.answer(stored).message.kind == Kind::refused);
  CHECK(home.answer({Kind::offer, {"reg.example"}}).message.kind == Kind::refused);
  CHECK(home.answer({Kind::offer, {"other.example"}}).message.kind == Kind::missing);
  CHECK(home.answer({Kind::erase, {"reg.example"}}).message.kind == Kind::refused);
  CHECK(home.store.held.at("reg.example").username == "ada");

  home.allows_store = true;
  CHECK(home.answer({Kind::offer, {"reg.example"}}).message.kind == Kind::done);
  CHECK(home.answer(stored).message.kind == Kind::done);
  CHECK(home.store.held.at("reg.example").secret == "new");
  CHECK(home.answer({Kind::store, {"other.example", "eve", "new"}}).message.kind == Kind::refused);
  CHECK(home.answer({Kind::store, {"reg.example", "", "new"}}).message.kind == Kind::refused);
  CHECK(home.answer({Kind::store, {"reg.example", "eve", ""}}).message.kind == Kind::refused);
  CHECK(home.answer({Kind::store, {"reg.example", "eve", "\xff"}}).message.kind == Kind::refused);

  CHECK(home.answer({Kind::erase, {"other.example", "reg.example"}}).message.kind == Kind::done);
  CHECK(home.store.held.contains("other.example"));
  CHECK_FALSE(home.store.held.contains("reg.example"));
  CHECK(home.answer({Kind::erase, {"other.example"}}).message.kind == Kind::done);
  CHECK(home.store.held.contains("other.example"));
}

TEST_CASE("what home fails at is told with its cure, and who did not answer is left alone") {
  Home home;
  home.store.fail_get = Errc::vault_refused;
  auto reply = home.answer({Kind::get, {"reg.example"}});
  CHECK(reply.message == Message{Kind::failed, {"told to fail; there: unlock it"}});
  CHECK(reply.was_asked_in_vain);

  home.store.fail_get = Errc::vault_locked;
  CHECK_FALSE(home.answer({Kind::get, {"reg.example"}}).was_asked_in_vain);
  home.nobody_asked_until = 0;
  reply = home.answer({Kind::get, {"reg.example"}});
  CHECK(reply.message.fields.front().find("nobody is asked before 1970-01-01") !=
        std::string::npos);
  CHECK(reply.log == "failed, told to fail: \"reg.example\"");
}

TEST_CASE("what is no text is refused, and an answer is no request") {
  Home home;
  CHECK(home.answer({Kind::get, {std::string("reg\0", 4)}}).message.kind == Kind::refused);
  CHECK(home.answer({Kind::get, {"\xff"}}).message.kind == Kind::refused);
  CHECK(home.answer({Kind::found, {"a", "b", "c"}}).message.kind == Kind::refused);
  CHECK(home.store.touched.empty());
}

TEST_CASE("whoever asks does not write what is read at home") {
  Home home;
  CHECK(home.answer({Kind::erase, {"a", "b", "c"}}).log == "not served: nothing that is forwarded");
  home.allows_store = true;
  CHECK(home.answer({Kind::erase, {"harmless.example", "reg.example"}}).log ==
        "erased at home: \"reg.example\"");
  const std::string forged = home.answer({Kind::get, {"a\nb" + std::string(1, '\0') + "c"}}).log;
  CHECK(forged.find_first_of(std::string("\n\0", 2)) == std::string::npos);
  CHECK(forged.starts_with("refused: it is not plain UTF-8 text: \""));
  CHECK(home.answer({Kind::get, {std::string(5000, 'x')}}).log.size() < 200);
}

}  // namespace cred::test
