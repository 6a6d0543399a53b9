// SPDX-License-Identifier: MIT
// What comes through the socket of a forward: any bytes, and home's answer to the requests in them.
#include <algorithm>
#include <string>

#include "helper/forward/answer.h"
#include "platform/forward/message.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

// Home, which forwards one of its two logins.
struct Home {
  MemoryStore store;
  ForwardScope scope{{"reg.example/team"}};

  Home() {
    store.put(Credential{"reg.example/team", "ada", Secret(kSecretWord)});
    store.put(Credential{"other.example", "bob", Secret("another-secret")});
  }
};

void try_request(const Message& request) {
  for (const bool allows_store : {false, true}) {
    Home home;
    const auto before = home.store.held;
    const ForwardRequest asked{request, {}, [] {}};
    const ForwardReply reply = answer_request(
        asked, {home.scope, allows_store, home.store, [](const Error&) { return std::string(); }});
    hold(!is_request(reply.message.kind), "an answer is none of the requests");
    const std::string bytes = encode(reply.message);  // throws for what no other side would take
    hold(
        bytes.find("another-secret") == std::string::npos && bytes.find("bob") == std::string::npos,
        "what is not forwarded stays at home");
    // Whoever asks for it by that name has it already.
    const auto holds_it = [](const std::string& text) {
      return text.find(kSecretWord) != std::string::npos;
    };
    hold(!holds_it(reply.log) || std::ranges::any_of(request.fields, holds_it),
         "the log holds no secret");
    hold(home.store.held.at("other.example") == before.at("other.example"),
         "what is not forwarded is not changed");
    hold(allows_store || home.store.held == before, "nothing is changed without leave");
  }
}

}  // namespace

void fuzz(const std::string& input) {
  std::string rest = input;
  std::string piecewise;
  std::size_t given = 0;
  for (;;) {
    const std::string before = rest;
    const auto message = result_of([&] { return take_message(rest, MessageSide::requests); });
    if (!message || !*message) break;
    const std::string bytes = before.substr(0, before.size() - rest.size());
    hold(encode(**message) == bytes, "a message has one spelling");
    std::optional<Message> again;
    while (!again) {
      hold(given < input.size(), "it is there when its last byte is");
      piecewise += input[given++];
      again = take_message(piecewise, MessageSide::requests);
    }
    hold(again == *message, "however its bytes come");
    try_request(**message);
  }
}

}  // namespace cred::test
