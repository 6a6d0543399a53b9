// SPDX-License-Identifier: MIT
#include "helper/cli/help_page.h"

#include <algorithm>

#include "helper/text/wrap.h"
#include "platform/text/strings.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kWidestName = 28;  // beside which its text begins

bool is_option(const Argument& argument) { return argument.name.front() == '-'; }

bool takes_several(const Argument& argument) {
  return std::holds_alternative<std::vector<std::string>*>(argument.target);
}

// "SERVER…", in brackets if it may be left out.
std::string usage_of(const Argument& argument) {
  std::string text = label_of(argument);
  if (takes_several(argument) && !is_option(argument)) text += "…";
  return argument.required ? text : '[' + text + ']';
}

std::string usage_line(const Grammar& grammar, const std::string& name, std::size_t width) {
  std::string usage;
  if (!grammar.commands.empty()) usage += " COMMAND";
  bool has_options = false;
  for (const auto& argument : grammar.arguments) {
    if (is_option(argument) && argument.required) usage += ' ' + label_of(argument);
    has_options = has_options || (is_option(argument) && !argument.required);
  }
  if (has_options) usage += " [OPTION]…";
  for (const auto& argument : grammar.arguments) {
    if (!is_option(argument)) usage += ' ' + usage_of(argument);
  }
  if (!grammar.rest.empty()) usage += ' ' + grammar.rest;
  constexpr std::size_t kBehindUsage = 7;
  return wrap("Usage: " + name + usage, width, kBehindUsage) + '\n';
}

std::string text_of(const Argument& argument) {
  std::string text = argument.help;
  const auto* given = std::get_if<std::string*>(&argument.target);
  if (given != nullptr && !(*given)->empty()) text += " (default: " + **given + ')';
  return text;
}

// Under each group its options, in the order in which the groups are first named.
std::string options_of(const Grammar& grammar, std::size_t width) {
  std::vector<std::string> groups;
  for (const auto& argument : grammar.arguments) {
    if (is_option(argument) && !contains(groups, argument.group)) groups.push_back(argument.group);
  }
  if (!contains(groups, std::string())) groups.emplace_back();
  std::string page;
  for (const auto& group : groups) {
    std::vector<HelpRow> rows;
    for (const auto& argument : grammar.arguments) {
      if (is_option(argument) && argument.group == group) {
        rows.push_back({label_of(argument), text_of(argument)});
      }
    }
    if (group.empty()) {
      rows.push_back({"--color WHEN", "Colour: auto, always or never"});
      rows.push_back({"-h, --help", "Show this page"});
    }
    page += '\n' + (group.empty() ? "Options" : group) + ":\n" + help_rows(rows, width);
  }
  return page;
}

}  // namespace

std::string label_of(const Argument& argument) {
  std::string label = argument.name;
  if (const auto comma = label.find(','); comma != std::string::npos) label.insert(comma + 1, " ");
  return argument.value.empty() ? label : label + ' ' + argument.value;
}

std::string help_rows(const std::vector<HelpRow>& rows, std::size_t width) {
  std::size_t widest = 0;
  for (const auto& row : rows) {
    const std::size_t wide = display_width(row.name);
    if (wide <= std::min(kWidestName, width / 3)) widest = std::max(widest, wide);
  }
  const std::size_t column = kIndent + widest + kIndent;
  std::string lines;
  for (const auto& row : rows) {
    const std::string name = std::string(kIndent, ' ') + row.name;
    const std::size_t wide = display_width(name);
    const bool fits = wide + kIndent <= column;
    const std::string gap =
        fits ? std::string(column - wide, ' ') : '\n' + std::string(column, ' ');
    lines += row.text.empty() ? name : name + gap + wrap(row.text, width, column, column);
    lines += '\n';
  }
  return lines;
}

std::string help_page(const Grammar& grammar, const std::string& name, std::size_t width) {
  std::string page = usage_line(grammar, name, width);
  page += '\n' + wrap(grammar.help, width) + '\n';
  std::vector<HelpRow> rows;
  rows.reserve(grammar.commands.size());
  for (const auto& command : grammar.commands) rows.push_back({command.name, command.help});
  if (!rows.empty()) page += "\nCommands (each has --help):\n" + help_rows(rows, width);
  rows.clear();
  for (const auto& argument : grammar.arguments) {
    if (!is_option(argument)) rows.push_back({argument.name, text_of(argument)});
  }
  if (!rows.empty()) page += '\n' + help_rows(rows, width);
  page += options_of(grammar, width);
  if (!grammar.examples.empty()) page += "\nExamples:\n";
  for (const auto& example : grammar.examples) {
    page += std::string(kIndent, ' ') + example + '\n';
  }
  return page + more_line(name);
}

std::string more_line(std::string name) {
  if (const auto command = name.find(' '); command != std::string::npos) name[command] = '-';
  return "\nMore: man " + name.substr(0, name.find(' ')) + '\n';
}

}  // namespace cred
