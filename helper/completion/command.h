// SPDX-License-Identifier: MIT
// The completion script of a shell. The scripts lie in packaging/completion/, and ask for words by
// `completion words TYPED…` (commands.h).
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int completion_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
