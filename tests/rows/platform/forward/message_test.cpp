// SPDX-License-Identifier: MIT
#include "platform/forward/message.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include "platform/system/error.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

using Kind = MessageKind;

constexpr auto kSides = {MessageSide::requests, MessageSide::answers};

std::optional<Message> taken(std::string bytes) {
  return take_message(bytes, MessageSide::requests);
}

}  // namespace

TEST_CASE("a message comes back as it was, in pieces and with another behind it") {
  const std::vector<Message> messages{
      {Kind::get, {"reg.example"}},
      {Kind::list},
      {Kind::store, {"reg.example", "ada", std::string(3000, 's')}},
      {Kind::erase, {"a", "b", ""}},
      {Kind::working},
      {Kind::missing},
      {Kind::listed, {"a", "ada", "b", "bob"}},
      {Kind::failed, {"no"}},
  };
  for (const auto side : kSides) {
    std::vector<Message> sent;
    std::ranges::copy_if(messages, std::back_inserter(sent), [&](const Message& message) {
      return is_request(message.kind) == (side == MessageSide::requests);
    });
    std::string bytes;
    for (const auto& message : sent) bytes += encode(message);
    std::string begun;
    std::vector<Message> read;
    for (const char byte : bytes) {
      begun += byte;
      if (auto message = take_message(begun, side)) read.push_back(std::move(*message));
    }
    CHECK(read == sent);
    CHECK(begun.empty());
  }
}

TEST_CASE("what is no message is refused as soon as that shows") {
  const std::string get = encode({Kind::get, {"reg.example"}});
  CHECK_FALSE(taken("").has_value());
  CHECK_FALSE(taken("dckf").has_value());
  CHECK(failure_of([] { return taken("GET / HTTP/1.1"); }) == Errc::bad_request);
  CHECK(failure_of([] { return taken(std::string("dckf\x02", 5)); }) == Errc::bad_request);
  for (const std::size_t at : {5UL, 6UL, 7UL, 11UL, 12UL}) {
    CAPTURE(at);
    std::string changed = get;
    changed[at] = '\x63';
    CHECK(failure_of([&] { return taken(changed); }) == Errc::bad_request);
  }
}

TEST_CASE("a side takes what is for it alone, and no more fields than are sensible") {
  const std::string answer = encode({Kind::missing, {"a"}});
  CHECK(failure_of([&] { return taken(answer.substr(0, 12)); }) == Errc::bad_request);
  std::string request = encode({Kind::get, {"a"}});
  CHECK(failure_of([&] { return take_message(request, MessageSide::answers); }) ==
        Errc::bad_request);
  const auto many = [](std::size_t fields) {
    return encode({Kind::missing, std::vector<std::string>(fields)});
  };
  CHECK(failure_of([&] { return many(65537); }) == Errc::bad_request);
  std::string most = many(65536);
  most += std::string(4, '\0');
  most[8] = '\x04';  // and one field more
  CHECK(failure_of([&] { return take_message(most, MessageSide::answers); }) == Errc::bad_request);
}

TEST_CASE("what a message holds has limits, which its length shows") {
  CHECK(failure_of([] {
          return encode({Kind::get, {std::string(65536, 'x')}});
        }) == Errc::bad_request);
  CHECK(encode({Kind::store, {"r", "u", std::string(std::size_t{2} << 20, 'x')}}).size() >
        std::size_t{2} << 20);
  CHECK(failure_of([] { return encode({Kind::get}); }) == Errc::bad_request);
  CHECK(failure_of([] { return encode({Kind::listed, {"a"}}); }) == Errc::bad_request);
  // Announced alone: nothing of it has come.
  std::string announced = encode({Kind::get, {"r"}}).substr(0, 12);
  announced[11] = '\x7f';
  CHECK(failure_of([&] { return taken(announced); }) == Errc::bad_request);
}

}  // namespace cred::test
