// SPDX-License-Identifier: MIT
// The keyring on the session bus, by GLib and libsecret: what may have to ask the user. Part of
// keyring-libsecret.so alone; private to this folder.
#pragma once

#include <memory>
#include <string>

#include "platform/keyring/bus/service.h"

namespace cred {

// Connects to the bus. Throws as every function of the asker does.
[[nodiscard]] std::unique_ptr<KeyringPrompter> open_libsecret_keyring(
    const std::string& bus_address, const Limits& limits);

}  // namespace cred
