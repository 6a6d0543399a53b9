// SPDX-License-Identifier: MIT
// Which D-Bus session bus is this user's. Never starts one.
#pragma once

#include <string>

#include "platform/system/environment.h"

namespace cred {

// Whether this program was built with it.
[[nodiscard]] bool speaks_to_a_bus();

// The address of the bus: $DBUS_SESSION_BUS_ADDRESS, else the socket `bus` in the user's runtime
// folder. Throws Error(unavailable) if there is none or one is to be launched, Error(bus_refused)
// if its socket belongs to somebody else or it is no socket of this machine.
[[nodiscard]] std::string find_session_bus(const Environment& environment);

// For a socket that is connected to a bus, before anything is sent: throws Error(bus_refused) where
// another user listens. Of a socket without a file nothing else says whose it is.
void check_peer(int connection);

}  // namespace cred
