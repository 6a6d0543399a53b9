// SPDX-License-Identifier: MIT
#include "helper/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <ostream>
#include <vector>

#include "helper/cli/completion_words.h"
#include "helper/cli/help_page.h"
#include "helper/cli/report.h"
#include "helper/text/time_text.h"
#include "platform/text/nearest.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

CLI::Option* add_target(CLI::App& app, const Argument& argument) {
  return std::visit(
      [&]<typename T>(T* target) -> CLI::Option* {
        if constexpr (std::is_same_v<T, bool>) {
          return app.add_flag(argument.name, *target);
        } else {
          return app.add_option(argument.name, *target);
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

// As the library wants to be told what is wrong, and that nothing is.
std::function<std::string(const std::string&)> as_told(const Argument& argument) {
  return [&argument](const std::string& value) -> std::string {
    const auto& choices = argument.choices;
    if (!choices.empty() && !contains(choices, value)) {
      return "it is none of " + join(choices);
    }
    return argument.check ? argument.check(value).value_or("") : "";
  };
}

void add_argument(CLI::App& app, const Argument& argument) {
  CLI::Option& option = *add_target(app, argument);
  set_counts(option, argument);
  option.required(argument.required);
  if (!argument.value.empty()) option.check(is_given);
  option.check(as_told(argument));
}

// How the library calls it.
std::string first_name(const Argument& argument) {
  return argument.name.substr(argument.name.rfind(',') + 1);
}

// Once all are known.
void add_relations(CLI::App& app, const Argument& argument) {
  CLI::Option& option = *app.get_option(first_name(argument));
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
    describe(*app.add_subcommand(command.name), command);
  }
}

// The command that was meant, as far as the command line got.
struct Level {
  const CLI::App* app;
  const Grammar* grammar;
  std::string name;  // what is typed to call it
};

std::vector<Level> levels_of(const CLI::App& app, const Grammar& grammar) {
  std::vector<Level> levels{{&app, &grammar, std::string(kProgram) + ' ' + grammar.name}};
  while (true) {
    const Level& last = levels.back();
    const auto chosen = last.app->get_subcommands();
    if (chosen.empty()) return levels;
    const auto& commands = last.grammar->commands;
    const auto command = std::ranges::find(commands, chosen.front()->get_name(), &Grammar::name);
    levels.push_back({chosen.front(), &*command, last.name + ' ' + command->name});
  }
}

bool takes_json(const Grammar& grammar) {
  return std::ranges::find(grammar.arguments, kJsonOption, &Argument::name) !=
         grammar.arguments.end();
}

// With the one of `names` that may have been meant, or all of them.
std::string no_such(const std::string& what, const std::string& called, const std::string& typed,
                    const std::vector<std::string>& names) {
  const auto meant = nearest(typed, names);
  return "there is no " + what + ' ' + called +
         (meant ? "; did you mean " + *meant + '?' : "; there are " + join(names));
}

// Of what is too much in a command line.
std::string told_extra(const Level& level, const std::string& typed) {
  std::vector<std::string> names;
  if (typed.starts_with('-')) {
    names.emplace_back("--help");
    for (const auto& argument : level.grammar->arguments) {
      if (argument.name.front() == '-') names.push_back(first_name(argument));
    }
    return no_such("option", typed, typed, names);
  }
  for (const auto& command : level.grammar->commands) names.push_back(command.name);
  if (names.empty()) {
    const bool needs_dashes = !level.grammar->rest.empty();
    return level.grammar->name + " takes no " + typed +
           (needs_dashes ? " before --: put -- before the command" : "");
  }
  return no_such("command", level.grammar->name + ' ' + typed, typed, names);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto found = text.find(from);
  return found == std::string::npos ? text : text.replace(found, from.size(), to);
}

// What was wrong, in our words.
std::string told(const CLI::ParseError& stopped, const std::vector<Level>& levels) {
  for (const auto& level : levels) {
    const auto extra = level.app->remaining();
    if (!extra.empty()) return told_extra(level, extra.front());
  }
  const Grammar& grammar = *levels.back().grammar;
  const std::string said = stopped.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&stopped) != nullptr) {
    const bool is_too_many = said.find("At Most") != std::string::npos;
    for (const auto& argument : grammar.arguments) {
      if (!said.starts_with(first_name(argument) + ':')) continue;
      return (is_too_many ? "given more than once: " : "a value is missing: ") + label_of(argument);
    }
  }
  if (dynamic_cast<const CLI::RequiredError*>(&stopped) != nullptr && !grammar.commands.empty()) {
    return grammar.name + " needs a command: " + join(grammar.commands, ", ", &Grammar::name);
  }
  return replaced(
      replaced(replaced(said, " excludes ", " cannot stand beside "), " requires ", " needs "),
      " is required", " is missing");
}

}  // namespace

Misuse misuse_of_time(const std::string& text) {
  if (parse_duration(text)) return std::nullopt;
  return "a time is a number with s, m, h or d behind it, as 8h";
}

Argument json_argument(bool& json) { return {kJsonOption, &json, "Print one JSON document"}; }

std::optional<int> parse_command_line(const Grammar& grammar,
                                      std::span<const std::string> arguments,
                                      const CommandContext& context) {
  if (context.is_completing) {
    context.document << completion_lines(completion_words(grammar, arguments, context.environment));
    return exit_done;
  }
  CLI::App app("", grammar.name);
  describe(app, grammar);
  try {
    app.parse(
        std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // as CLI11 takes them
  } catch (const CLI::CallForHelp&) {
    const Level level = levels_of(app, grammar).back();
    context.out.lines(help_page(*level.grammar, level.name, context.width));
    return exit_done;
  } catch (const CLI::ParseError& stopped) {
    const auto levels = levels_of(app, grammar);
    const std::string hint = levels.back().name + " --help";
    if (takes_json(*levels.back().grammar) && asks_for_json(arguments)) {
      write_error_json(told(stopped, levels), hint, "", context.document);
    } else {
      context.err.note(told(stopped, levels));
      context.err.hint(hint);
    }
    return exit_usage;
  }
  return std::nullopt;
}

}  // namespace cred
