// SPDX-License-Identifier: MIT
// Root, with the variables of another user, as under `sudo -E`.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "helper/cli/command.h"
#include "platform/system/error.h"

namespace cred {

// Why `command` does not run: it would use a place of another user's, and what root kept there
// would be theirs. The rest of the sentence is what to type instead.
[[nodiscard]] std::optional<Refusal> refuse_foreign_places(const Command& command,
                                                           std::span<const std::string> arguments,
                                                           const Environment& environment);

}  // namespace cred
