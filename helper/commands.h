// SPDX-License-Identifier: MIT
// The commands that people call, as a table; a command has a file of its own.
#pragma once

#include <string>
#include <string_view>

#include "helper/cli/command.h"

namespace cred {

// nullptr if no command has that name.
[[nodiscard]] const Command* find_command(std::string_view name);

// What --help says after docker's usage line.
[[nodiscard]] std::string command_help();

}  // namespace cred
