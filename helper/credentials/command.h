// SPDX-License-Identifier: MIT
// Credentials without docker: put in, taken out and shown, by the same rules of spellings.
#pragma once

#include "helper/cli/command.h"

namespace cred {

int add_command(std::span<const std::string> arguments, const CommandContext& context);
int remove_command(std::span<const std::string> arguments, const CommandContext& context);
int ls_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
