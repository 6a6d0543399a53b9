// SPDX-License-Identifier: MIT
// The commands that people call, as a table; a command has a file of its own.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "platform/environment.h"

namespace cred {

struct CommandContext {
  Environment environment;
  std::ostream& out;  // results
  std::ostream& err;  // progress and advice
};

struct Command {
  std::string_view name;
  std::string_view summary;  // one line for --help

  // Takes the arguments after the name; returns the exit status. Failures are Errors.
  int (*run)(std::span<const std::string> arguments, const CommandContext& context);
};

// nullptr if no command has that name.
[[nodiscard]] const Command* find_command(std::string_view name);

// What --help says after docker's usage line.
[[nodiscard]] std::string command_help();

}  // namespace cred
