// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/sd_message.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "tests/lab/bus_peer.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

// What `read` makes of a reply with that content.
void with_reply(const std::function<void(sd_bus_message*)>& content,
                const std::function<void(sd_bus_message*)>& read) {
  load_systemd();
  const BusPeer peer({{"Ask", [&](sd_bus_message* call) {
                         sd_bus_message* made = nullptr;
                         sd_bus_message_new_method_return(call, &made);
                         const SdMessagePtr reply(made);
                         content(made);
                         sd_bus_send(nullptr, made, nullptr);
                       }}});
  SdBus bus(peer.address(), kLate);
  const auto reply =
      bus.receive(bus.send(bus.method("a.service", "/a", "an.interface", "Ask"), kLate));
  read(reply.get());
}

}  // namespace

TEST_CASE("what is written is read") {
  const Attributes attributes{{"server", "a.example"}, {"empty", ""}, {"ü", "ß"}};
  const std::vector<unsigned char> bytes{0, 1, 255};
  with_reply(
      [&](sd_bus_message* message) {
        append_bytes(message, bytes);
        append_bytes(message, {});
        sd_bus_message_append(message, "ao", 2, "/one", "/two");
        sd_bus_message_append(message, "bs", 1, "text");
        sd_bus_message_open_container(message, 'v', "a{ss}");
        append_attributes(message, attributes);
        sd_bus_message_close_container(message);
        sd_bus_message_append(message, "vvu", "b", 1, "t", std::uint64_t{7}, 8U);
      },
      [&](sd_bus_message* message) {
        CHECK(std::ranges::equal(read_bytes(message), bytes));
        CHECK(read_bytes(message).empty());
        CHECK(read_paths(message) == std::vector<ObjectPath>{"/one", "/two"});
        CHECK(read_boolean(message));
        CHECK(read_text(message, 's') == std::string("text"));
        CHECK(read_attributes_property(message) == attributes);
        expect_bus(sd_bus_message_exit_container(message));
        CHECK(read_boolean_property(message));
        expect_bus(sd_bus_message_exit_container(message));
        CHECK(read_time_property(message) == 7);
        expect_bus(sd_bus_message_exit_container(message));
        CHECK(read_number(message) == 8);
      });
}

TEST_CASE("a message of other types is the keyring's failure") {
  using Read = std::function<void(sd_bus_message*)>;
  const std::pair<const char*, Read> reads[] = {
      {"a text", [](auto* message) { static_cast<void>(read_text(message, 's')); }},
      {"a path", [](auto* message) { static_cast<void>(read_text(message, 'o')); }},
      {"a boolean", [](auto* message) { static_cast<void>(read_boolean(message)); }},
      {"bytes", [](auto* message) { static_cast<void>(read_bytes(message)); }},
      {"paths", [](auto* message) { static_cast<void>(read_paths(message)); }},
      {"a number", [](auto* message) { static_cast<void>(read_number(message)); }},
      {"attributes", [](auto* message) { static_cast<void>(read_attributes_property(message)); }},
      {"a property", [](auto* message) { static_cast<void>(read_boolean_property(message)); }},
      {"a time", [](auto* message) { static_cast<void>(read_time_property(message)); }},
  };
  const std::pair<const char*, Read> contents[] = {
      {"another type", [](auto* message) { sd_bus_message_append(message, "d", 7.0); }},
      {"a variant of another type",
       [](auto* message) { sd_bus_message_append(message, "v", "d", 7.0); }},
      {"a variant in a variant",
       [](auto* message) { sd_bus_message_append(message, "v", "v", "b", 1); }},
      {"an array of others", [](auto* message) { sd_bus_message_append(message, "ad", 1, 7.0); }},
      {"a dictionary of others",
       [](auto* message) { sd_bus_message_append(message, "v", "a{su}", 1, "server", 7U); }},
      {"nothing", [](auto*) {}},
  };
  for (const auto& read : reads) {
    for (const auto& content : contents) {
      CAPTURE(read.first);
      CAPTURE(content.first);
      with_reply(content.second, [&](sd_bus_message* message) {
        CHECK(failure_of([&] { read.second(message); }) == Errc::keyring_failed);
      });
    }
  }
}

}  // namespace cred::test
