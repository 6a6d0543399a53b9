// SPDX-License-Identifier: MIT
#include "helper/commands.h"

#include <algorithm>
#include <array>

#include "helper/doctor/command.h"
#include "helper/export/command.h"
#include "helper/kubelet/command.h"
#include "helper/migrate/command.h"
#include "helper/restore/command.h"
#include "helper/vault/command.h"

namespace cred {
namespace {

constexpr std::array kCommands{
    Command{"migrate",
            "move the logins of docker, podman and its family into the keyring or the vault",
            migrate_command, Places::logins},
    Command{"restore", "write logins back into docker's config.json, in plaintext", restore_command,
            Places::logins},
    Command{"doctor", "say what is set up, what is wrong, and the command that fixes it",
            doctor_command, Places::logins},
    Command{"vault", "make and keep the encrypted vault, for machines without a keyring",
            vault_command},
    Command{"export", "write logins out, as a config.json or as a Kubernetes Secret",
            export_command},
    Command{"kubelet", "answer the kubelet of a Kubernetes node, and write its configuration",
            kubelet_command, Places::of_machine},
};

}  // namespace

const Command* find_command(std::string_view name) {
  const auto* command = std::ranges::find(kCommands, name, &Command::name);
  return command == kCommands.end() ? nullptr : command;
}

std::string command_help() {
  std::string help =
      "\n"
      "Keeps docker's logins in the keyring of the desktop, or in an encrypted vault. Docker "
      "calls\n"
      "store, get, erase and list by itself once config.json says \"credsStore\": \"keyring\".\n"
      "\n"
      "Commands for people (each has --help):\n";
  constexpr std::size_t kNameWidth = 10;
  for (const auto& command : kCommands) {
    std::string name(command.name);
    name.resize(kNameWidth, ' ');
    help += "  " + name + std::string(command.summary) + '\n';
  }
  return help + "\nMore: man docker-credential-keyring\n";
}

}  // namespace cred
