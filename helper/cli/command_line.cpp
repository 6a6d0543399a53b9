// SPDX-License-Identifier: MIT
#include "helper/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <vector>

#include "helper/cli/report.h"

namespace cred {
namespace {

CLI::Option* add_target(CLI::App& app, const Argument& argument) {
  return std::visit(
      [&]<typename T>(T* target) -> CLI::Option* {
        if constexpr (std::is_same_v<T, bool>) {
          return app.add_flag(argument.name, *target, argument.help);
        } else {
          return app.add_option(argument.name, *target, argument.help);
        }
      },
      argument.target);
}

// As where a variable of a shell is not set.
std::string is_given(const std::string& value) { return value.empty() ? "it is empty" : ""; }

// A list grows by each time that its option is given.
void set_counts(CLI::Option& option, const Argument& argument) {
  const bool is_list = std::holds_alternative<std::vector<std::string>*>(argument.target);
  if (!is_list || argument.name.front() != '-') return;
  option.expected(argument.values);
  if (argument.values == 1) option.multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_argument(CLI::App& app, const Argument& argument) {
  CLI::Option& option = *add_target(app, argument);
  set_counts(option, argument);
  option.required(argument.required);
  if (!argument.choices.empty()) option.check(CLI::IsMember(argument.choices));
  if (!argument.value.empty()) option.check(is_given);
  if (argument.check) {
    option.check([check = argument.check](const std::string& value) {
      return check(value).value_or("");  // as the library says that nothing is wrong
    });
  }
  if (!argument.value.empty()) option.type_name(argument.value);
  const auto* text = std::get_if<std::string*>(&argument.target);
  if (text != nullptr && !(*text)->empty()) option.capture_default_str();
}

// Once all are known.
void add_relations(CLI::App& app, const Argument& argument) {
  CLI::Option& option = *app.get_option(argument.name);
  if (!argument.needs.empty()) option.needs(app.get_option(argument.needs));
  for (const auto& other : argument.excludes) option.excludes(app.get_option(other));
}

void describe(CLI::App& app, const Grammar& grammar) {
  for (const auto& argument : grammar.arguments) add_argument(app, argument);
  for (const auto& argument : grammar.arguments) add_relations(app, argument);
  app.callback([&grammar] {
    const Misuse misuse = grammar.check ? grammar.check() : std::nullopt;
    if (misuse) throw CLI::ValidationError(*misuse);
    if (grammar.chosen) grammar.chosen();
  });
  if (!grammar.commands.empty()) app.require_subcommand(1);
  for (const auto& command : grammar.commands) {
    describe(*app.add_subcommand(command.name, command.help), command);
  }
}

}  // namespace

std::optional<int> parse_command_line(const Grammar& grammar,
                                      std::span<const std::string> arguments,
                                      const CommandContext& context) {
  CLI::App app(grammar.help, std::string(kProgram) + ' ' + grammar.name);
  describe(app, grammar);
  try {
    app.parse(
        std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // as CLI11 takes them
  } catch (const CLI::ParseError& stopped) {
    std::ostringstream out;
    std::ostringstream err;  // which quotes what was typed
    const bool failed = app.exit(stopped, out, err) != 0;
    context.out.lines(out.view());
    context.err.lines(err.view());
    return failed ? exit_usage : exit_done;
  }
  return std::nullopt;
}

}  // namespace cred
