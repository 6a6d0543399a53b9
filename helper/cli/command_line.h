// SPDX-License-Identifier: MIT
// What the commands for people have in common: how options are read, and how people are told
// things.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "helper/cli/command.h"

namespace CLI {
class App;
}

namespace cred {

// Reads `arguments` by what `app` declares. A status: the call was answered already, by help or by
// what was wrong with it, and ends so.
[[nodiscard]] std::optional<int> parse_command_line(CLI::App& app,
                                                    std::span<const std::string> arguments,
                                                    const CommandContext& context);

// Progress and advice, a line each.
void note(const CommandContext& context, const std::string& text);

}  // namespace cred
