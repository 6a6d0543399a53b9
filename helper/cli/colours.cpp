// SPDX-License-Identifier: MIT
#include "helper/cli/colours.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/system/process.h"
#include "platform/text/printable.h"

namespace cred {
namespace {

constexpr std::string_view kOption = "--color";

std::optional<ColourChoice> choice_of(std::string_view word) {
  constexpr std::array kWords{std::pair{"auto", ColourChoice::automatic},
                              std::pair{"always", ColourChoice::always},
                              std::pair{"never", ColourChoice::never}};
  for (const auto& [name, choice] : kWords) {
    if (word == name) return choice;
  }
  return std::nullopt;
}

}  // namespace

void append_part(std::string& line, const Painted& part) {
  line += part.code_;
  append_printable(line, part.text_);
  if (!part.code_.empty()) line += "\x1b[0m";
}

Colours::Colours(ColourChoice choice, int fd, const Environment& environment)
    : is_on_(choice == ColourChoice::always) {
  if (choice != ColourChoice::automatic || environment.get("NO_COLOR")) return;
  is_on_ = is_terminal(fd) && environment.get("TERM").value_or("dumb") != "dumb";
}

std::optional<ColourChoice> take_colour_choice(std::vector<std::string>& arguments) {
  auto choice = std::optional(ColourChoice::automatic);
  const auto end = std::ranges::find(arguments, "--");
  const auto option = std::find_if(arguments.begin(), end, [](const std::string& argument) {
    return argument == kOption || argument.starts_with(std::string(kOption) + '=');
  });
  if (option == end) return choice;
  if (*option != kOption) {
    choice = choice_of(std::string_view(*option).substr(kOption.size() + 1));
    arguments.erase(option);
  } else if (option + 1 != end) {
    choice = choice_of(*(option + 1));
    arguments.erase(option, option + 2);
  } else {
    choice = std::nullopt;
  }
  return choice;
}

}  // namespace cred
