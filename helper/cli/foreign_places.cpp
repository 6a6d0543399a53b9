// SPDX-License-Identifier: MIT
#include "helper/cli/foreign_places.h"

#include <algorithm>
#include <array>

#include "helper/text/shell_words.h"
#include "platform/system/accounts.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// Of these, root's own are used where they lead elsewhere, and every sudo -E brings them.
constexpr std::array<std::string_view, 2> kReplaced = {"HOME", "XDG_RUNTIME_DIR"};
constexpr std::array<std::string_view, 2> kOfLogins = {"DOCKER_CONFIG", "REGISTRY_AUTH_FILE"};

// What is behind -- is another program's.
std::span<const std::string> options_of(std::span<const std::string> arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return arguments.first(static_cast<std::size_t>(end - arguments.begin()));
}

bool asks_for_help(std::span<const std::string> arguments) {
  return contains(arguments, "--help") || contains(arguments, "-h");
}

bool names_file(std::span<const std::string> arguments) {
  return std::ranges::any_of(arguments, [](const std::string& argument) {
    return argument == "--config" || argument.starts_with("--config=");
  });
}

std::string command_line(const Command& command, std::span<const std::string> arguments) {
  std::string line = shell_command({kProgram, command.name});
  for (const auto& argument : arguments) line += ' ' + shell_command({argument});
  return line;
}

}  // namespace

std::optional<Refusal> refuse_foreign_places(const Command& command,
                                             std::span<const std::string> arguments,
                                             const Environment& environment) {
  if (command.places == Places::of_machine || asks_for_help(options_of(arguments))) {
    return std::nullopt;
  }
  const bool uses_logins = command.places == Places::logins && !names_file(options_of(arguments));
  const auto is_used = [&](const ForeignPlace& place) {
    if (contains(kReplaced, place.variable)) return false;
    return uses_logins || !contains(kOfLogins, place.variable);
  };
  std::string without;
  const ForeignPlace* first = nullptr;
  for (const auto& place : environment.foreign) {
    if (!is_used(place)) continue;
    if (first == nullptr) first = &place;
    without += " -u " + place.variable;
  }
  if (first == nullptr) return std::nullopt;
  const std::string line = command_line(command, arguments);
  const std::string whose = account_name(first->owner);
  const bool by_sudo = environment.get("SUDO_USER").has_value();
  return Refusal{first->variable + " names " + first->place.string() + ", a place of " + whose +
                 "'s, and this runs as root; for the logins of " + whose + ", type as " + whose +
                 ": " + line +
                 "; for root's own: " + (by_sudo ? "sudo -H " : "env" + without + ' ') + line};
}

}  // namespace cred
