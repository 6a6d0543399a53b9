// SPDX-License-Identifier: MIT
#include "helper/commands.h"

#include <algorithm>
#include <array>

#include "helper/migrate_command.h"

namespace cred {
namespace {

constexpr std::array kCommands{
    Command{"migrate", "move the logins in docker's config.json into the keyring", migrate_command},
};

}  // namespace

const Command* find_command(std::string_view name) {
  const auto* command = std::ranges::find(kCommands, name, &Command::name);
  return command == kCommands.end() ? nullptr : command;
}

std::string command_help() {
  std::string help =
      "\n"
      "Keeps docker's logins in the keyring of the desktop. Docker calls store, get, erase and\n"
      "list by itself once config.json says \"credsStore\": \"keyring\".\n"
      "\n"
      "Commands for people (each has --help):\n";
  for (const auto& command : kCommands) {
    help += "  " + std::string(command.name) + "   " + std::string(command.summary) + '\n';
  }
  return help + "\nMore: man docker-credential-keyring\n";
}

}  // namespace cred
