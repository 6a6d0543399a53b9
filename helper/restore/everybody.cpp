// SPDX-License-Identifier: MIT
#include "helper/restore/everybody.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "helper/cli/report.h"
#include "helper/files/login_files.h"
#include "helper/files/registries_conf.h"
#include "helper/restore/command.h"
#include "platform/store/docker_names.h"
#include "platform/store/settings.h"
#include "platform/system/accounts.h"
#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/vault/status.h"

namespace cred {
namespace {

// A migration of the user's that is under way is waited for; but users may hold root up for no
// longer than this together, and then each for a moment.
constexpr std::chrono::seconds kPatience(30);
constexpr std::chrono::minutes kTogether(2);
constexpr std::chrono::seconds kMoment(2);

// What the process of a user says by its exit status.
enum Answer : int { clear = 0, names_us = 1, unseen = 2, has_vault = 4 };

// Whether the files of docker and its family name us.
Answer look_at(const Environment& environment) {
  if (inspect_status(drop_in_path(registries_conf_folders(environment).user)).exists)
    return names_us;
  Answer answer = clear;
  for (const auto& file : usual_login_files(environment)) {
    const FileStatus status = inspect_file(file.path);
    if (status.failure) answer = unseen;
    const std::string name = '"' + std::string(kHelperName) + '"';
    if (status.text && status.text->find(name) != std::string::npos) return names_us;
  }
  return answer;
}

Environment environment_of(const Account& account) {
  Environment environment;
  environment.uid = account.uid;
  environment.variables["HOME"] = account.home;
  return environment;
}

// Runs as the user.
int take_back(const Environment& environment) {
  const int vault = inspect_vault(environment, Settings{}).file.exists ? has_vault : clear;
  const Answer before = look_at(environment);
  if (before != names_us) return before | vault;
  std::ostringstream unheard;
  const Notes notes(unheard);
  try {
    const std::vector<std::string> arguments{"--setup-only"};
    restore_command(arguments,
                    {.environment = environment, .out = notes, .err = notes, .document = unheard});
  } catch (const std::exception&) {
    return names_us | vault;
  }
  return look_at(environment) | vault;
}

// Of the user's process. One user must not keep the others from their turn.
int answer_of(const Account& account, const Environment& environment,
              std::chrono::seconds patience) {
  try {
    const auto work = [&] { return take_back(environment); };
    return run_as(account, work, patience).value_or(unseen);
  } catch (const Error&) {
    return unseen;
  }
}

}  // namespace

int restore_for_everybody(const CommandContext& context) {
  using Clock = std::chrono::steady_clock;
  bool is_all = true;
  const auto end = Clock::now() + kTogether;
  for (const auto& account : list_accounts_with_homes()) {
    const auto patience = Clock::now() < end ? kPatience : kMoment;
    const Environment environment = environment_of(account);
    const int answer = answer_of(account, environment, patience);
    if ((answer & names_us) != 0) {
      context.err.note("the configuration in ", account.home, " still names it");
    } else if ((answer & unseen) != 0) {
      context.err.note("the configuration in ", account.home,
                       " could not be looked at, and may still name it");
    }
    if ((answer & has_vault) != 0)
      context.err.note("the vault in ", environment.data_home() / kProgram,
                       " stays, with its logins");
    is_all = is_all && (answer & (names_us | unseen)) == 0;
  }
  return is_all ? exit_done : exit_partial;
}

}  // namespace cred
