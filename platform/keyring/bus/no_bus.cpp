// SPDX-License-Identifier: MIT
// The keyring of a program that was built without one: as on a machine that has no bus.
#include "platform/keyring/bus/service.h"
#include "platform/keyring/bus/session_bus.h"
#include "platform/system/error.h"

namespace cred {
namespace {

[[noreturn]] void say_there_is_none() {
  throw Error(Errc::unavailable, "this program was built without the keyring");
}

}  // namespace

bool speaks_to_a_bus() { return false; }

std::string find_session_bus(const Environment& /*environment*/) { say_there_is_none(); }

std::unique_ptr<KeyringService> open_bus_keyring(const std::string& /*bus_address*/,
                                                 std::chrono::milliseconds /*limit*/) {
  say_there_is_none();
}

}  // namespace cred
