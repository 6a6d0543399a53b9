// SPDX-License-Identifier: MIT
// Changing the keyring on the session bus, by GLib and libsecret. Part of the writing module alone;
// private to this folder.
#pragma once

#include <memory>
#include <string>

#include "platform/keyring_service.h"

namespace cred {

// Connects to the bus. Throws as every function of the writer does.
[[nodiscard]] std::unique_ptr<KeyringWriter> open_keyring_writer(const std::string& bus_address,
                                                                 const Limits& limits);

}  // namespace cred
