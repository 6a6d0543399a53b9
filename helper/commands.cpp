// SPDX-License-Identifier: MIT
#include "helper/commands.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "helper/cli/completion_words.h"
#include "helper/cli/help_page.h"
#include "helper/completion/command.h"
#include "helper/credentials/command.h"
#include "helper/doctor/command.h"
#include "helper/export/command.h"
#include "helper/forward/command.h"
#include "helper/kubelet/command.h"
#include "helper/migrate/command.h"
#include "helper/restore/command.h"
#include "helper/run/command.h"
#include "helper/text/wrap.h"
#include "helper/vault/command.h"
#include "platform/text/nearest.h"

namespace cred {
namespace {

constexpr std::array kCommands{
    Command{"migrate",
            "move the logins of docker, podman and its family into the keyring or the vault",
            migrate_command, Places::logins, 2, true},
    Command{"restore", "write logins back into the files that they came from, in plaintext",
            restore_command, Places::logins, 2, true},
    Command{"add", "store a login, without docker", add_command},
    Command{"remove", "remove logins from the keyring and the vault", remove_command},
    Command{"ls", "list what is stored: server, user name, store and time", ls_command},
    Command{"run", "run a command with a store of its own, as a job of CI", run_job_command,
            Places::logins, run_failed},
    Command{"forward", "answer for logins of this machine on a socket, for a host or a container",
            forward_command},
    Command{"doctor", "say what is set up, what is wrong, and the command that fixes it",
            doctor_command, Places::logins},
    Command{"vault", "make and keep the encrypted vault, for machines without a keyring",
            vault_command},
    Command{"export", "write logins out, as a config.json or as a Kubernetes Secret",
            export_command},
    Command{"kubelet", "answer the kubelet of a Kubernetes node, and write its configuration",
            kubelet_command, Places::of_machine},
    Command{"completion", "print a completion script for bash, zsh or fish", completion_command},
};

}  // namespace

const Command* find_command(std::string_view name) {
  const auto* command = std::ranges::find(kCommands, name, &Command::name);
  return command == kCommands.end() ? nullptr : command;
}

std::optional<std::string> command_meant(const std::string& typed) {
  std::vector<std::string> names{"store", "get", "erase", "list", "version", "help"};
  for (const auto& command : kCommands) names.emplace_back(command.name);
  return nearest(typed, names);
}

void complete(std::span<const std::string> typed, const CommandContext& context) {
  if (typed.empty()) return;
  CommandContext completing = context;
  completing.is_completing = true;
  const Command* command = find_command(typed.front());
  if (typed.size() > 1 && command != nullptr) {
    command->run(typed.subspan(1), completing);
    return;
  }
  if (typed.size() > 2 || (typed.size() == 2 && typed.front() != "help")) return;
  CompletionWords words;
  for (const auto& known : kCommands) {
    if (known.name.starts_with(typed.back())) {
      words.words.push_back({std::string(known.name), std::string(known.summary)});
    }
  }
  context.document << completion_lines(words);
}

std::string command_help(std::size_t width) {
  std::vector<HelpRow> rows;
  rows.reserve(kCommands.size());
  for (const auto& command : kCommands) {
    rows.push_back({std::string(command.name), std::string(command.summary)});
  }
  return '\n' +
         wrap(
             "Keeps docker's logins in the keyring of the desktop, or in an encrypted vault. "
             "Docker calls store, get, erase and list by itself once config.json says "
             "\"credsStore\": \"keyring\".",
             width) +
         "\n\nCommands for people (each has --help):\n" + help_rows(rows, width) +
         "\nBegin with:\n" + help_rows({{std::string(kProgram) + " migrate", ""}}, width) +
         more_line(kProgram);
}

}  // namespace cred
