// SPDX-License-Identifier: MIT
#include "helper/run/command.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/completion_words.h"
#include "helper/cli/report.h"
#include "helper/credentials/server_argument.h"
#include "helper/run/job.h"
#include "platform/job/foreground.h"
#include "platform/system/error.h"
#include "platform/system/process.h"

namespace cred {
namespace {

// One --add with what belongs to it.
struct Addition {
  std::vector<std::string> servers;
  std::string username;
  std::string variable;
};

Misuse misuse_of(const Addition& addition) {
  if (addition.servers.empty()) {
    if (addition.username.empty() && addition.variable.empty()) return std::nullopt;
    return "-u and --password-env belong to an --add before them";
  }
  if (addition.username.empty() || addition.variable.empty()) {
    return "each --add needs -u USER and --password-env VAR behind it";
  }
  return std::nullopt;
}

Grammar grammar_of(Addition& addition) {
  return {
      .name = "run",
      .help =
          "Runs a command with a store of its own, in memory, which is gone when it ends: "
          "docker, podman, skopeo, buildah and helm find the logins that are added here "
          "and no others, and what they log in to goes there. Nothing of your home's "
          "stores is used. Exit status: the command's; 128 + N if signal N ended it; 125 if "
          "run itself failed, 126 if the command cannot be executed, 127 if it is not "
          "found.",
      .arguments = {{.name = "--add",
                     .target = &addition.servers,
                     .help = "A login for these servers; may be given more than once, with what "
                             "belongs to it",
                     .value = "SERVER…",
                     .values = Argument::kSeveral,
                     .check = misuse_of_server,
                     .words = indexed_servers},
                    {"-u,--username", &addition.username, "Its user name", "USER"},
                    {"--password-env", &addition.variable,
                     "The variable that holds its password; the command does not get it", "VAR"}},
      .check = [&addition] { return misuse_of(addition); },
      .rest = "-- COMMAND…",
      .examples = {"docker-credential-keyring run --add reg.example:5000 -u ci \\",
                   "    --password-env REG_PASSWORD -- docker push reg.example:5000/app"}};
}

// From each --add to the next one.
std::vector<std::vector<std::string>> groups_of(std::span<const std::string> options) {
  std::vector<std::vector<std::string>> groups(1);
  for (const auto& option : options) {
    if (option == "--add" && !groups.back().empty()) groups.emplace_back();
    groups.back().push_back(option);
  }
  return groups;
}

std::vector<Credential> credentials_of(const Addition& addition, const Environment& environment) {
  const auto password = environment.get(addition.variable);
  if (!password) {
    // What was given may be the password itself.
    throw Error(Errc::bad_request, "the variable that --password-env names for " +
                                       addition.servers.front() +
                                       " is empty or not set; give its name, without a $");
  }
  if (const auto refusal = why_not_added(addition.username, *password)) {
    throw Error(Errc::bad_request, addition.servers.front() + ": " + refusal->reason);
  }
  std::vector<Credential> credentials;
  credentials.reserve(addition.servers.size());
  for (const auto& server : addition.servers) {
    credentials.push_back({server, addition.username, Secret(*password)});
  }
  return credentials;
}

std::vector<std::string> environment_of(const Environment& environment) {
  // Root does not use them; the command is the caller's own, and has them as it would without us.
  Variables variables = environment.variables;
  for (const auto& place : environment.foreign) variables.try_emplace(place.variable, place.place);
  return texts_of(variables);
}

int start(std::span<const std::string> command, const Environment& environment,
          const CommandContext& context) {
  const std::string& name = command.front();
  auto program = name.find('/') == std::string::npos ? find_program(environment, name)
                                                     : std::optional<std::filesystem::path>(name);
  if (!program) {
    context.err.note(name, ": there is no such command on PATH");
    return run_not_found;
  }
  const auto result = run_in_foreground(*program, command, environment_of(environment));
  if (result.why_not == 0) return result.status;
  context.err.note(*program, ": ", std::system_category().message(result.why_not));
  return result.why_not == ENOENT ? run_not_found : run_not_executable;
}

int run_job(std::span<const Addition> additions, std::span<const std::string> command,
            const CommandContext& context) {
  const WatchedFolder folder(context.environment);
  std::vector<Credential> credentials;
  for (const auto& addition : additions) {
    std::ranges::move(credentials_of(addition, context.environment),
                      std::back_inserter(credentials));
  }
  Job job = prepare_job(folder.path(), credentials, context.environment, context.err);
  for (const auto& addition : additions) job.environment.variables.erase(addition.variable);
  credentials.clear();
  return start(command, job.environment, context);
}

}  // namespace

int run_job_command(std::span<const std::string> arguments, const CommandContext& context) {
  const auto end = std::ranges::find(arguments, "--");
  const std::span options(arguments.begin(), end);
  if (context.is_completing) {
    if (end != arguments.end()) return exit_done;  // of another program
    Addition last;
    return parse_command_line(grammar_of(last), groups_of(options).back(), context).value();
  }
  std::vector<Addition> additions;
  for (const auto& group : groups_of(options)) {
    Addition addition;
    if (const auto answered = parse_command_line(grammar_of(addition), group, context)) {
      return *answered == exit_usage ? int{run_failed} : *answered;
    }
    if (!addition.servers.empty()) additions.push_back(std::move(addition));
  }
  const std::span command(end == arguments.end() ? end : end + 1, arguments.end());
  if (command.empty()) {
    context.err.note("run needs -- and a command behind it: ", kProgram, " run -- COMMAND");
    return run_failed;
  }
  try {
    return run_job(additions, command, context);
  } catch (const std::exception& failure) {
    static_cast<void>(report_beside(failure, context.err));
    return run_failed;
  }
}

}  // namespace cred
