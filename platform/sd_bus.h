// SPDX-License-Identifier: MIT
// A connection to the session bus by sd-bus, every wait bounded; and the one place where an error
// of sd-bus becomes an Error. Part of keyring.so alone; private to this folder.
#pragma once

#include <systemd/sd-bus.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "platform/releaser.h"

namespace cred {

using SdMessagePtr = std::unique_ptr<sd_bus_message, Releaser<sd_bus_message_unref>>;

// Throws if `result`, an sd-bus call's, is a negative errno: unavailable, or keyring_failed for a
// message that is not as it should be.
int expect_bus(int result);

class SdBus {
 public:
  // Connects, and says Hello. Throws unavailable, or timed_out.
  SdBus(const std::string& address, std::chrono::milliseconds limit);

  // A method call that is not sent yet.
  [[nodiscard]] SdMessagePtr method(const char* destination, const std::string& path,
                                    const char* interface, const char* member) const;

  // The reply. Throws what the answer or its absence means.
  [[nodiscard]] SdMessagePtr call(const SdMessagePtr& request, std::chrono::milliseconds limit);

  // All at once; `take` is called with the position of each request and its reply, in any order,
  // which may be an error: sd_bus_message_is_method_error().
  using Take = std::function<void(std::size_t position, sd_bus_message* reply)>;
  void call_all(std::span<const SdMessagePtr> requests, std::chrono::milliseconds limit,
                const Take& take);

 private:
  struct Closer {
    void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
  };
  std::unique_ptr<sd_bus, Closer> bus_;
};

// Throws if `reply` is an error.
void throw_if_error(sd_bus_message* reply);

}  // namespace cred
