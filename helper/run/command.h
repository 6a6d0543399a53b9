// SPDX-License-Identifier: MIT
// `docker-credential-keyring run`: a command with a store of its own, which is gone when it ends.
#pragma once

#include "helper/cli/command.h"

namespace cred {

int run_command_line(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
