// SPDX-License-Identifier: MIT
#include "platform/sd_bus.h"

#include <cerrno>
#include <cstdint>
#include <exception>
#include <system_error>
#include <vector>

#include "platform/bus_error.h"

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

using SdSlotPtr = std::unique_ptr<sd_bus_slot, Releaser<sd_bus_slot_unref>>;

class SdError {
 public:
  SdError() = default;
  SdError(const SdError&) = delete;
  SdError& operator=(const SdError&) = delete;
  ~SdError() { sd_bus_error_free(&error_); }

  sd_bus_error* out() noexcept { return &error_; }

 private:
  sd_bus_error error_ = {};
};

[[noreturn]] void throw_error(const sd_bus_error& error) {
  throw keyring_error(meaning_of(error.name),
                      error.message == nullptr ? error.name : error.message);
}

// One call among many under way.
struct Query {
  const SdBus::Take* take;
  std::size_t position;
  std::size_t* pending;
  std::exception_ptr* thrown;
  SdSlotPtr slot;  // as long as it lives, sd-bus may call back
};

int on_reply(sd_bus_message* reply, void* data, sd_bus_error* /*error*/) {
  auto& query = *static_cast<Query*>(data);
  --*query.pending;
  try {
    if (!*query.thrown) (*query.take)(query.position, reply);
  } catch (...) {
    *query.thrown = std::current_exception();
  }
  return 0;
}

}  // namespace

int expect_bus(int result) {
  if (result < 0) throw_failed(result);
  return result;
}

void throw_if_error(sd_bus_message* reply) {
  if (const sd_bus_error* error = sd_bus_message_get_error(reply)) throw_error(*error);
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

SdMessagePtr SdBus::call(const SdMessagePtr& request, milliseconds limit) {
  SdError error;
  sd_bus_message* reply = nullptr;
  const int result =
      sd_bus_call(bus_.get(), request.get(), in_microseconds(limit), error.out(), &reply);
  if (sd_bus_error_is_set(error.out()) != 0) throw_error(*error.out());
  expect_bus(result);
  return SdMessagePtr(reply);
}

void SdBus::call_all(std::span<const SdMessagePtr> requests, milliseconds limit, const Take& take) {
  std::size_t pending = requests.size();
  std::exception_ptr thrown;
  std::vector<Query> queries;
  queries.reserve(requests.size());
  for (const auto& request : requests) {
    Query& query =
        queries.emplace_back(Query{&take, queries.size(), &pending, &thrown, SdSlotPtr()});
    sd_bus_slot* slot = nullptr;
    expect_bus(sd_bus_call_async(bus_.get(), &slot, request.get(), on_reply, &query,
                                 in_microseconds(limit)));
    query.slot.reset(slot);
  }
  while (pending != 0) {
    if (expect_bus(sd_bus_process(bus_.get(), nullptr)) > 0) continue;
    expect_bus(sd_bus_wait(bus_.get(), in_microseconds(limit)));
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace cred
