// SPDX-License-Identifier: MIT
// What a command for people is: a row of the table in commands.cpp, and what it is given.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

struct CommandContext {
  Environment environment;
  Notes out;               // results for people, on stdout
  Notes err;               // progress and advice, on stderr
  std::ostream& document;  // what programs read, byte for byte, on stdout
};

// Takes the arguments after the name; returns the exit status. Failures are Errors.
using RunCommand = int(std::span<const std::string> arguments, const CommandContext& context);

struct Command {
  std::string_view name;
  std::string_view summary;  // one line for --help
  RunCommand* run;
};

}  // namespace cred
