// SPDX-License-Identifier: MIT
// The keyring on the session bus, by GLib and libsecret: what may have to ask the user. Private to
// platform/keyring.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/keyring/bus/service.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"

namespace cred {

// Connects to the bus. Throws as every function of the prompter does, and Error(no_library).
// `dismissed` says, for people, that a prompt was; `notes`, that one is waited for.
[[nodiscard]] std::unique_ptr<KeyringPrompter> open_libsecret_keyring(
    const std::string& bus_address, const Limits& limits, const std::string& dismissed,
    const Notes& notes);

// Why its library cannot be loaded, if so.
[[nodiscard]] std::optional<Error> libsecret_problem();

}  // namespace cred
