// SPDX-License-Identifier: MIT
#include "helper/completion/command.h"

#include <completion_scripts.h>

#include <array>
#include <ostream>
#include <utility>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"

namespace cred {
namespace {

constexpr std::array kScripts{std::pair{"bash", kBashCompletion}, std::pair{"zsh", kZshCompletion},
                              std::pair{"fish", kFishCompletion}};

Grammar grammar_of(std::string& shell) {
  return {.name = "completion",
          .help =
              "Prints a script that completes command lines of this program. Packages install "
              "it where the shells look.",
          .arguments = {{.name = "SHELL",
                         .target = &shell,
                         .help = "bash, zsh or fish",
                         .required = true,
                         .choices = {"bash", "zsh", "fish"}}},
          .examples = {"source <(docker-credential-keyring completion bash)",
                       "docker-credential-keyring completion fish | source"}};
}

}  // namespace

int completion_command(std::span<const std::string> arguments, const CommandContext& context) {
  std::string shell;
  if (const auto answered = parse_command_line(grammar_of(shell), arguments, context)) {
    return *answered;
  }
  for (const auto& [name, script] : kScripts) {
    if (shell == name) context.document << script;
  }
  return exit_done;
}

}  // namespace cred
