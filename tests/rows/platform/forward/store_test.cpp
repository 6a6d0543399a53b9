// SPDX-License-Identifier: MIT
#include "platform/forward/store.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include "platform/forward/message_stream.h"
#include "tests/lab/refusal.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using Kind = MessageKind;

// Home as a script of answers, one line of them for each connection.
class ScriptedHome {
 public:
  using Answers = std::vector<Message>;

  ScriptedHome() {
    environment.variables["HOME"] = folder.path();
    settings.socket = folder.path() / "socket";
  }
  ScriptedHome(const ScriptedHome&) = delete;
  ScriptedHome& operator=(const ScriptedHome&) = delete;
  ~ScriptedHome() {
    if (home_.joinable()) home_.join();
  }

  enum class Times { once, for_ever };

  void answer(std::vector<Answers> script, Times times = Times::once) {
    listening_ = listen_at(settings.socket, 0600, 8);
    home_ = std::thread([this, script = std::move(script), times] {
      for (const auto& answers : script) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
        int accepted = -1;
        while (accepted < 0 && std::chrono::steady_clock::now() < deadline) {
          accepted = accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
          if (accepted < 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        MessageStream stream(Fd(accepted), MessageSide::requests);
        try {
          if (auto request = stream.receive(deadline)) asked.push_back(std::move(*request));
          do {  // NOLINT(*-avoid-do-while)
            for (const auto& message : answers) stream.send(message, deadline);
          } while (times == Times::for_ever);
        } catch (const Error&) {
          // Who asked may have gone before the script of this connection ended.
        }
      }
    });
  }

  // Waits for the script to end.
  void end() { home_.join(); }

  [[nodiscard]] Backend& store() {
    if (!store_) store_ = open_home_store({environment, settings, index, Notes(notes)});
    return *store_;
  }

  TemporaryFolder folder;
  Environment environment;
  Settings settings;
  std::shared_ptr<ServerIndex> index = std::make_shared<ServerIndex>(folder.path() / "index");
  std::ostringstream notes;
  std::vector<Message> asked;

 private:
  Fd listening_;
  std::thread home_;
  std::unique_ptr<Backend> store_;
};

const Message kFound{Kind::found, {"reg.example", "ada", "s3"}};

}  // namespace

TEST_CASE("what home answers is what is got, and only the server's name is kept") {
  ScriptedHome home;
  home.answer({{{Kind::working}, {Kind::working}, kFound}});
  const auto found = home.store().get("reg.example");
  REQUIRE(found);
  CHECK(found->username == "ada");
  CHECK(found->secret.reveal() == "s3");
  home.end();
  CHECK(home.asked == std::vector{Message{Kind::get, {"reg.example"}}});
  CHECK(home.index->names("reg.example", kHomeId));
  CHECK(home.folder.read("index").find("s3") == std::string::npos);
}

TEST_CASE("who was ended before home listened to it asks again") {
  ScriptedHome home;
  home.answer({{}, {kFound}});
  CHECK(home.store().get("reg.example").has_value());
  home.end();
  CHECK(home.asked.size() == 2);
}

TEST_CASE("another spelling costs a second question, and no third one") {
  ScriptedHome home;
  home.answer({{{Kind::missing, {"reg.example", "b.example"}}}});
  CHECK_FALSE(home.store().get("https://reg.example").has_value());
  CHECK(home.store().known_servers() == std::vector<std::string>{"reg.example", "b.example"});
  home.end();
  CHECK(home.asked.size() == 1);
}

TEST_CASE("home that is not there has nothing; where it answered before, that is said once") {
  ScriptedHome home;
  home.index->add_seen({{"reg.example"}}, kHomeId);
  const auto found = [&](const char* server) { return home.store().get(server).has_value(); };
  SUBCASE("no socket") { CHECK_FALSE(found("reg.example")); }
  SUBCASE("no socket, but a file") {
    home.folder.write("socket", "");
    CHECK_FALSE(found("reg.example"));
  }
  SUBCASE("nobody listens any more") {
    static_cast<void>(listen_at(home.settings.socket, 0600, 1));
    CHECK_FALSE(found("reg.example"));
  }
  SUBCASE("it ends the connection") {
    home.answer({{}, {}, {}});
    CHECK_FALSE(found("reg.example"));
    home.end();
    CHECK(home.asked.size() == 3);
  }
  SUBCASE("it answers something else") {
    home.answer({{{Kind::get, {"what?"}}}});
    CHECK_FALSE(found("reg.example"));
  }
  SUBCASE("it turns this user away") {
    home.answer({{{Kind::refused, {"not you"}}}});
    CHECK_FALSE(found("reg.example"));
  }
  CHECK_FALSE(found("reg.example"));
  CHECK_FALSE(found("stranger.example"));
  CHECK(home.store().list().empty());
  const auto listed = home.store().list_details();
  REQUIRE(listed.size() == 1);
  CHECK(listed.front().reach == Reach::absent);
  const std::string notes = home.notes.str();
  CHECK(notes.find("home answered for reg.example before, and does not now") != std::string::npos);
  CHECK(std::ranges::count(notes, '\n') == 1);
}

TEST_CASE("home that has no room for one more is not waited for longer than for a sign of life") {
  ScriptedHome home;
  home.index->add_seen({{"reg.example"}}, kHomeId);
  const Fd full = listen_at(home.settings.socket, 0600, 0);
  std::vector<Fd> waiting;
  while (Fd one = connect_to(home.settings.socket, Clock::now())) waiting.push_back(std::move(one));
  const auto began = Clock::now();
  CHECK_FALSE(home.store().get("reg.example").has_value());
  CHECK(Clock::now() - began >= std::chrono::seconds(2));
  CHECK(home.notes.str().find("home has no room for one more") != std::string::npos);
}

TEST_CASE("home that began to answer is not gone: what it fails at is an error") {
  ScriptedHome home;
  const auto get = [&] { return home.store().get("reg.example"); };
  SUBCASE("it says why") {
    home.answer({{{Kind::working}, {Kind::failed, {"the vault is locked"}}}});
    CHECK(refusal_of(get, Errc::home_failed) == "home: the vault is locked");
  }
  SUBCASE("it ends") {
    home.answer({{{Kind::working}}});
    CHECK(failure_of(get) == Errc::home_failed);
  }
  SUBCASE("it has no more time") {
    home.settings.prompt_timeout = std::chrono::milliseconds(1);
    home.answer({{{Kind::working}, {Kind::working}}});
    CHECK(failure_of(get) == Errc::home_failed);
  }
  SUBCASE("it goes on without an end") {
    home.settings.prompt_timeout = std::chrono::milliseconds(100);
    home.answer({{{Kind::working}}}, ScriptedHome::Times::for_ever);
    CHECK(failure_of(get) == Errc::home_failed);
  }
  SUBCASE("it gives another login") {
    home.answer({{{Kind::working}, {Kind::found, {"other.example", "a", "b"}}}});
    CHECK(failure_of(get) == Errc::home_failed);
  }
}

TEST_CASE("a change is home's to allow") {
  ScriptedHome home;
  SUBCASE("it takes a login") {
    home.answer({{{Kind::done}}, {{Kind::working}, {Kind::done}}});
    CHECK(home.store().claims("reg.example"));
    CHECK(home.store().claims("reg.example"));  // asked once
    home.store().put(Credential{"reg.example", "ada", Secret("s3")});
    home.end();
    CHECK(home.asked.back() == Message{Kind::store, {"reg.example", "ada", "s3"}});
  }
  SUBCASE("it takes none") {
    home.answer({{{Kind::refused, {"not today"}}}});
    CHECK_FALSE(home.store().claims("reg.example"));
    CHECK(home.notes.str().find("does not take a login for it") != std::string::npos);
  }
  SUBCASE("it still answers for what was to be erased") {
    home.answer({{{Kind::listed, {"reg.example", "ada"}}}, {{Kind::refused, {"not today"}}}});
    CHECK(refusal_of(
              [&] {
                home.store().erase({{"reg.example", "x"}});
              },
              Errc::home_refused) == "home still answers for reg.example: not today");
    CHECK(home.index->names("reg.example", kHomeId));
  }
  SUBCASE("it is gone, and had what was to be erased") {
    home.index->add_seen({{"reg.example"}}, kHomeId);
    CHECK(failure_of([&] { home.store().erase({{"reg.example"}}); }) == Errc::home_absent);
    CHECK(home.index->names("reg.example", kHomeId));
    home.store().erase({{"stranger.example"}});
  }
  SUBCASE("it fails at what it has") {
    home.answer({{{Kind::failed, {"locked"}}}});
    CHECK(failure_of([&] { home.store().erase({{"reg.example"}}); }) == Errc::home_failed);
  }
  SUBCASE("it has nothing to erase") {
    home.answer({{{Kind::listed}}});
    home.store().erase({{"reg.example"}});
    home.end();
    CHECK(home.asked.size() == 1);
  }
}

TEST_CASE("what doctor says of home") {
  ScriptedHome home;
  SUBCASE("its servers") {
    home.answer({{{Kind::working}, {Kind::listed, {"a", "ada", "b", "bob"}}}});
    const auto status = inspect_home(home.settings);
    CHECK_FALSE(status.absence);
    CHECK(status.servers == std::vector<std::string>{"a", "b"});
  }
  SUBCASE("why it is not there") {
    CHECK(inspect_home(home.settings).absence->reason ==
          home.settings.socket.string() + " is not there");
  }
}

}  // namespace cred::test
