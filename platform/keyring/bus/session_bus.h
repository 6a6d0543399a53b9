// SPDX-License-Identifier: MIT
// Which D-Bus session bus is this user's. Never starts one.
#pragma once

#include <string>

#include "platform/system/environment.h"

namespace cred {

// The address of the bus: $DBUS_SESSION_BUS_ADDRESS, else the socket `bus` in the user's runtime
// folder. Throws Error(unavailable) if there is none, if it asks to launch one, or if its socket
// belongs to somebody else.
[[nodiscard]] std::string find_session_bus(const Environment& environment);

}  // namespace cred
