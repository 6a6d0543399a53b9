// SPDX-License-Identifier: MIT
// `docker-credential-keyring migrate`: finds the files, runs the migration, reports what happened.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int migrate_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
