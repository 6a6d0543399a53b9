// SPDX-License-Identifier: MIT
// `docker-credential-keyring run`: a command with a store of its own, which is gone when it ends.
#pragma once

#include "helper/cli/command.h"

namespace cred {

// As `env` and `timeout` end; the rest is the command's own.
enum RunExit : int { run_failed = 125, run_not_executable = 126, run_not_found = 127 };

int run_job_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
