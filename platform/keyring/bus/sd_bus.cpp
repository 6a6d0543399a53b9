// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/sd_bus.h"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "platform/keyring/bus/bus_error.h"
#include "platform/keyring/bus/session_bus.h"

namespace cred {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

std::uint64_t in_microseconds(milliseconds time) {
  return static_cast<std::uint64_t>(microseconds(time).count());
}

Errc meaning_of_errno(int number) {
  if (number == ETIMEDOUT) return Errc::timed_out;
  return number == EACCES || number == EPERM ? Errc::bus_refused : Errc::unavailable;
}

}  // namespace

DEFINE_LIBRARY(load_systemd, SYSTEMD_FUNCTIONS, "libsystemd.so.0", "keyring",
               "to speak to a keyring")

int expect_bus(int result) {
  if (result >= 0) return result;
  // A message is of other types than it should be, or is none.
  if (result == -ENXIO || result == -EBADMSG) throw malformed_answer();
  throw keyring_error(meaning_of_errno(-result), std::generic_category().message(-result));
}

namespace {

// That a signal cuts the waiting short is no failure.
void wait(sd_bus* bus, std::uint64_t microseconds_at_most) {
  const int result = sd_bus_wait(bus, microseconds_at_most);
  if (result != -EINTR) expect_bus(result);
}

}  // namespace

SdBus::SdBus(const std::string& address, milliseconds limit) {
  sd_bus* made = nullptr;
  expect_bus(sd_bus_new(&made));
  bus_.reset(made);
  expect_bus(sd_bus_set_address(made, address.c_str()));
  expect_bus(sd_bus_set_bus_client(made, 1));
  expect_bus(sd_bus_start(made));
  check_peer(expect_bus(sd_bus_get_fd(made)));
  // A call would wait for the connection by sd-bus's own limit, which is 90 seconds.
  const auto end = std::chrono::steady_clock::now() + limit;
  while (expect_bus(sd_bus_is_ready(made)) == 0) {
    if (expect_bus(sd_bus_process(made, nullptr)) > 0) continue;
    wait(made, in_microseconds(left_until(end)));
  }
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
    wait(bus_.get(), UINT64_MAX);
  }
  if (const sd_bus_error* error = sd_bus_message_get_error(call->reply_.get())) {
    const std::string_view message = error->message == nullptr ? "" : error->message;
    throw keyring_error(meaning_of(error->name), message.empty() ? error->name : message);
  }
  return std::move(call->reply_);
}

int SdBus::take_reply(sd_bus_message* reply, void* call, sd_bus_error* /*error*/) {
  static_cast<Call*>(call)->reply_.reset(sd_bus_message_ref(reply));
  return 0;
}

}  // namespace cred
