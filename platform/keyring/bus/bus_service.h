// SPDX-License-Identifier: MIT
// The keyring on the session bus, by sd-bus: what needs no question to the user. Private to
// platform/keyring.
#pragma once

#include <memory>
#include <string>

#include "platform/keyring/bus/service.h"

namespace cred {

// Connects to the bus. Throws as every function of the service does, and Error(no_library).
[[nodiscard]] std::unique_ptr<KeyringService> open_bus_keyring(const std::string& bus_address,
                                                               std::chrono::milliseconds limit);

}  // namespace cred
