// SPDX-License-Identifier: MIT
// The keyring on the session bus, by GLib and libsecret. Part of the keyring module alone; private
// to this folder.
#pragma once

#include <memory>
#include <string>

#include "platform/keyring_service.h"

namespace cred {

// Connects to the bus. Throws as every function of the service does.
[[nodiscard]] std::unique_ptr<KeyringService> open_secret_service(const std::string& bus_address,
                                                                  const Limits& limits);

}  // namespace cred
