// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/key_command.h"

#include <chrono>
#include <utility>
#include <vector>

#include "platform/system/child.h"
#include "platform/system/error.h"
#include "platform/text/strings.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/unlock/key_file.h"

namespace cred {
namespace {

constexpr const char* kVariable = "DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND";
constexpr std::chrono::seconds kTimeLimit(30);

std::vector<std::string> variables_for(const Environment& environment) {
  Variables variables = environment.variables;
  std::erase_if(variables,
                [](const auto& variable) { return variable.first.starts_with(kOurVariables); });
  variables[kInsideVariable] = "1";
  return texts_of(variables);
}

std::string last_line(std::string_view text) {
  text = trim(text);
  return std::string(text.substr(text.rfind('\n') + 1));
}

}  // namespace

std::optional<std::string> key_command_of(const Environment& environment,
                                          const Settings& settings) {
  if (settings.is_inside) return std::nullopt;
  const bool is_of_another = environment.uid == 0 && environment.get("SUDO_UID");
  if (!is_of_another) {
    if (auto command = environment.get(kVariable)) return command;
  }
  if (settings.key_command.empty()) return std::nullopt;
  return settings.key_command;
}

LockedBytes run_key_command(const std::string& command, const Environment& environment) {
  try {
    const std::vector<std::string> arguments{"-c", command};
    ChildResult result = run_child("/bin/sh", arguments, variables_for(environment), {},
                                   {kTimeLimit, kLongestKeyMaterial + 2});
    if (result.status == 0)
      return checked_key(std::move(result.output), "what the key command prints");
    std::string reason = "the key command failed";
    if (result.interrupted) reason = "the key command was interrupted";
    if (result.timed_out) {
      reason =
          "the key command did not end within " + std::to_string(kTimeLimit.count()) + " seconds";
    }
    const std::string told = last_line(result.errors);
    throw Error(Errc::key_command_failed, told.empty() ? reason : reason + ": " + told);
  } catch (const Error& failure) {
    if (failure.code() == Errc::key_command_failed) throw;
    throw Error(Errc::key_command_failed, std::string("the key command: ") + failure.what());
  }
}

}  // namespace cred
