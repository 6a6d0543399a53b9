// SPDX-License-Identifier: MIT
// A connection to the session bus by sd-bus, every wait bounded; and the one place where an error
// of sd-bus becomes an Error. Private to this
// folder.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "platform/keyring/bus/systemd_library.h"
#include "platform/system/library.h"

namespace cred {

using SdMessagePtr = std::unique_ptr<sd_bus_message, Releaser<sd_bus_message_unref>>;
using SdSlotPtr = std::unique_ptr<sd_bus_slot, Releaser<sd_bus_slot_unref>>;

// Throws if `result`, an sd-bus call's, is a negative errno: unavailable, or malformed_answer() for
// a message that is not as it should be.
int expect_bus(int result);

class SdBus {
 public:
  // Connects, and says Hello. Throws unavailable, or timed_out.
  SdBus(const std::string& address, std::chrono::milliseconds limit);

  // A method call that is not sent yet, with arguments of the basic `types`.
  template <typename... Arguments>
  [[nodiscard]] SdMessagePtr method(const char* destination, const std::string& path,
                                    const char* interface, const char* member,
                                    const char* types = "", Arguments... arguments) const {
    sd_bus_message* made = nullptr;
    expect_bus(sd_bus_message_new_method_call(bus_.get(), &made, destination, path.c_str(),
                                              interface, member));
    SdMessagePtr message(made);
    expect_bus(sd_bus_message_append(made, types, arguments...));
    return message;
  }

  // A pending call. A reply that comes after its end is ignored.
  class Call {
   private:
    friend class SdBus;
    SdMessagePtr reply_;  // once it has come
    SdSlotPtr slot_;
  };
  using CallPtr = std::unique_ptr<Call>;

  // Many may be pending; each has its limit from now on.
  [[nodiscard]] CallPtr send(const SdMessagePtr& request, std::chrono::milliseconds limit);

  // Waits for the reply, and ends the call. Throws the Error that an error reply, or no reply,
  // means.
  [[nodiscard]] SdMessagePtr receive(CallPtr call);

 private:
  struct Closer {
    void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
  };
  static int take_reply(sd_bus_message* reply, void* call, sd_bus_error* error);

  std::unique_ptr<sd_bus, Closer> bus_;
};

}  // namespace cred
