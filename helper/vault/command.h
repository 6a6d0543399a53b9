// SPDX-License-Identifier: MIT
// `docker-credential-keyring vault …`: create the vault, unlock and lock it, describe it, change
// its keys.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int vault_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
