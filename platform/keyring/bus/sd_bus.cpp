// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/sd_bus.h"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "platform/keyring/bus/bus_error.h"

namespace cred {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::uint64_t in_microseconds(milliseconds time) {
  return static_cast<std::uint64_t>(microseconds(time).count());
}

Errc meaning_of_errno(int number) {
  switch (number) {
    case ETIMEDOUT:
      return Errc::timed_out;
    case ENXIO:  // a message is of other types than it should be
    case EBADMSG:
      return Errc::keyring_failed;
    default:
      return Errc::unavailable;
  }
}

[[noreturn]] void throw_failed(int result) {
  throw keyring_error(meaning_of_errno(-result), std::generic_category().message(-result));
}

[[noreturn]] void throw_error(const sd_bus_error& error) {
  throw keyring_error(meaning_of(error.name),
                      error.message == nullptr ? error.name : error.message);
}

}  // namespace

int expect_bus(int result) {
  if (result < 0) throw_failed(result);
  return result;
}

SdBus::SdBus(const std::string& address, milliseconds limit) {
  sd_bus* made = nullptr;
  expect_bus(sd_bus_new(&made));
  bus_.reset(made);
  expect_bus(sd_bus_set_address(made, address.c_str()));
  expect_bus(sd_bus_set_bus_client(made, 1));
  expect_bus(sd_bus_start(made));
  // A call would wait for the connection by sd-bus's own limit, which is 90 seconds.
  const auto end = steady_clock::now() + limit;
  while (expect_bus(sd_bus_is_ready(made)) == 0) {
    if (expect_bus(sd_bus_process(made, nullptr)) > 0) continue;
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) throw_failed(-ETIMEDOUT);
    expect_bus(sd_bus_wait(made, in_microseconds(left)));
  }
}

SdMessagePtr SdBus::method(const char* destination, const std::string& path, const char* interface,
                           const char* member) const {
  sd_bus_message* made = nullptr;
  expect_bus(sd_bus_message_new_method_call(bus_.get(), &made, destination, path.c_str(), interface,
                                            member));
  return SdMessagePtr(made);
}

SdBus::CallPtr SdBus::send(const SdMessagePtr& request, milliseconds limit) {
  auto call = std::make_unique<Call>();
  sd_bus_slot* slot = nullptr;
  expect_bus(sd_bus_call_async(bus_.get(), &slot, request.get(), take_reply, call.get(),
                               in_microseconds(limit)));
  call->slot_.reset(slot);
  return call;
}

// sd-bus ends each call in its time, with an error of its own if it must.
SdMessagePtr SdBus::receive(CallPtr call) {
  while (!call->reply_) {
    // It says 0 also where all that it did was to end a call.
    if (expect_bus(sd_bus_process(bus_.get(), nullptr)) > 0 || call->reply_) continue;
    expect_bus(sd_bus_wait(bus_.get(), UINT64_MAX));
  }
  if (const sd_bus_error* error = sd_bus_message_get_error(call->reply_.get())) {
    throw_error(*error);
  }
  return std::move(call->reply_);
}

int SdBus::take_reply(sd_bus_message* reply, void* call, sd_bus_error* /*error*/) {
  static_cast<Call*>(call)->reply_.reset(sd_bus_message_ref(reply));
  return 0;
}

}  // namespace cred
