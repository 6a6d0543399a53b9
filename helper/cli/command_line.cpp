// SPDX-License-Identifier: MIT
#include "helper/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <ostream>
#include <vector>

#include "helper/cli/report.h"
#include "platform/text/printable.h"

namespace cred {

std::optional<int> parse_command_line(CLI::App& app, std::span<const std::string> arguments,
                                      const CommandContext& context) {
  try {
    app.parse(
        std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // as CLI11 takes them
  } catch (const CLI::ParseError& stopped) {
    const bool failed = app.exit(stopped, context.out, context.err) != 0;
    return failed ? exit_usage : exit_done;
  }
  return std::nullopt;
}

void note(const CommandContext& context, const std::string& text) {
  context.err << kProgram << ": " << printable(text) << '\n';
}

}  // namespace cred
