// SPDX-License-Identifier: MIT
// A command whose output is the key of the vault, for machines whose secrets lie in a store of
// their own: pass, vault, gcloud, op. Private to platform/vault/.
#pragma once

#include <optional>
#include <string>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/locked_bytes.h"

namespace cred {

// $DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND, else what the settings say. nullopt where there is none,
// and in a process that a key command started. For root under sudo the variable is another user's,
// and does not count.
[[nodiscard]] std::optional<std::string> key_command_of(const Environment& environment,
                                                        const Settings& settings);

// The key that `command` prints, as a key file would hold it: run by /bin/sh in a session of its
// own, with an empty stdin, in the environment of the caller without our variables. Throws
// Error(key_command_failed) where it fails, takes longer than 30 seconds, or prints no key.
[[nodiscard]] LockedBytes run_key_command(const std::string& command,
                                          const Environment& environment);

}  // namespace cred
