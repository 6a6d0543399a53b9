// SPDX-License-Identifier: MIT
// Reading the keyring on the session bus, by sd-bus. Part of the reading module alone; private to
// this folder.
#pragma once

#include <memory>
#include <string>

#include "platform/keyring_service.h"

namespace cred {

// Connects to the bus. Throws as every function of the reader does.
[[nodiscard]] std::unique_ptr<KeyringReader> open_keyring_reader(const std::string& bus_address,
                                                                 std::chrono::milliseconds limit);

}  // namespace cred
