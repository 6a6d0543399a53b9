// SPDX-License-Identifier: MIT
// `docker-credential-keyring vault …`: create the vault, keep it open, close it, describe it,
// change the ways to open it.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int vault_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
