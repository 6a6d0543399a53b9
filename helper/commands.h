// SPDX-License-Identifier: MIT
// The commands that people call, as a table; a command has a file of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "helper/cli/command.h"

namespace cred {

// nullptr if no command has that name.
[[nodiscard]] const Command* find_command(std::string_view name);

// The name that was meant, if `typed` is nearly one: of a command, or of what docker calls.
[[nodiscard]] std::optional<std::string> command_meant(const std::string& typed);

// Writes what may stand at the place of the last of `typed`, the words behind the program's name.
void complete(std::span<const std::string> typed, const CommandContext& context);

// What --help says after docker's usage line, in lines of at most `width` columns.
[[nodiscard]] std::string command_help(std::size_t width);

}  // namespace cred
