// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/sd_bus.h"

#include <doctest/doctest.h>

#include "tests/lab/bus_peer.h"
#include "tests/lab/quiet_machine.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

SdMessagePtr ask(SdBus& bus, std::chrono::milliseconds limit) {
  return bus.receive(bus.send(bus.method("a.service", "/a", "an.interface", "Ask"), limit));
}

}  // namespace

TEST_CASE("a bus that is not there, or does not say Hello, is told within the limit") {
  load_systemd();
  const TemporaryFolder folder;
  CHECK(failure_of([&] { SdBus("unix:path=" + (folder.path() / "none").string(), kLate); }) ==
        Errc::unavailable);
  CHECK(failure_of([] { SdBus("nonsense", kLate); }) == Errc::unavailable);
  const BusPeer silent({{"Hello", [](sd_bus_message*) {}}});
  CHECK(failure_of([&] { SdBus(silent.address(), kSoon); }) == Errc::timed_out);
}

TEST_CASE("a call ends with a reply, with the meaning of an error, or with its limit") {
  load_systemd();
  struct Row {
    const char* name;
    std::function<void(sd_bus_message*)> answer;
    std::chrono::milliseconds limit;
    Errc failure;
  };
  const auto error = [](const char* name) {
    return [name](sd_bus_message* call) { sd_bus_reply_method_errorf(call, name, "why"); };
  };
  const Row rows[] = {
      {"a reply", [](auto* call) { sd_bus_reply_method_return(call, "s", "it"); }, kLate,
       Errc::not_found},
      {"locked", error("org.freedesktop.Secret.Error.IsLocked"), kLate, Errc::locked},
      {"an error of its own", error("some.Error"), kLate, Errc::keyring_failed},
      {"no reply", [](auto*) {}, kSoon, Errc::timed_out},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const BusPeer peer({{"Ask", row.answer}});
    SdBus bus(peer.address(), kLate);
    CHECK(failure_of([&] { static_cast<void>(ask(bus, row.limit)); }) == row.failure);
  }
}

TEST_CASE("replies are told apart, whatever their order, and one that comes too late is ignored") {
  load_systemd();
  SdMessagePtr first;
  const BusPeer peer({{"Ask", [&](sd_bus_message* call) {
                         const char* text = nullptr;
                         sd_bus_message_read_basic(call, 's', &text);
                         if (std::string_view(text) == "first") {
                           first.reset(sd_bus_message_ref(call));
                           return;
                         }
                         sd_bus_reply_method_return(call, "s", text);
                         if (first) sd_bus_reply_method_return(first.get(), "s", "the first");
                         first.reset();
                       }}});
  SdBus bus(peer.address(), kLate);
  const auto send = [&](const char* text, std::chrono::milliseconds limit) {
    const auto request = bus.method("a.service", "/a", "an.interface", "Ask");
    expect_bus(sd_bus_message_append_basic(request.get(), 's', text));
    return bus.send(request, limit);
  };
  const auto receive = [&](SdBus::CallPtr call) {
    const auto reply = bus.receive(std::move(call));
    const char* text = nullptr;
    expect_bus(sd_bus_message_read_basic(reply.get(), 's', &text));
    return std::string(text);
  };
  auto one = send("first", kLate);
  auto two = send("second", kLate);
  CHECK(receive(std::move(one)) == "the first");
  CHECK(receive(std::move(two)) == "second");
  auto late = send("first", kSoon);
  CHECK(failure_of([&] { static_cast<void>(receive(std::move(late))); }) == Errc::timed_out);
  CHECK(receive(send("third", kLate)) == "third");  // by which the late one comes, too
  CHECK(receive(send("fourth", kLate)) == "fourth");
}

}  // namespace cred::test
