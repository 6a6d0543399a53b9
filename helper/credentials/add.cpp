// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/credentials/asking.h"
#include "helper/credentials/command.h"
#include "helper/credentials/server_argument.h"
#include "helper/files/entry.h"
#include "helper/servers/spellings.h"
#include "platform/open_store.h"
#include "platform/store/docker_names.h"
#include "platform/store/settings.h"
#include "platform/system/file.h"
#include "platform/system/terminal.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

struct Options {
  std::vector<std::string> servers;
  std::string username;
  bool from_stdin = false;
};

Grammar grammar_of(Options& options) {
  return {.name = "add",
          .help =
              "Stores a login for these servers, without docker. The password is asked for at the "
              "terminal, or read from stdin.",
          .arguments = {server_argument(options.servers,
                                        "A registry, as docker login is given it; several get the "
                                        "same login"),
                        {.name = "-u,--username",
                         .target = &options.username,
                         .help = "The user name",
                         .value = "USER",
                         .required = true},
                        {"--password-stdin", &options.from_stdin,
                         "Read the password from stdin, without the line end that ends it"}},
          .examples = {"docker-credential-keyring add reg.example:5000 -u ada",
                       "pass show nexus | docker-credential-keyring add nexus.example:8082 \\",
                       "    nexus.example:8086 -u ci --password-stdin"}};
}

// As docker does: one final line end is not part of it.
Secret password_of_stdin() {
  constexpr std::size_t kLineEnd = 2;
  const std::string text = read_all(STDIN_FILENO, kLargestText + kLineEnd, "stdin");
  std::string_view password = text;
  if (password.ends_with('\n')) password.remove_suffix(1);
  if (password.ends_with('\r') && password.size() < text.size()) password.remove_suffix(1);
  return Secret(password);
}

// Nothing where it was not given.
Secret password_of_terminal(const Options& options, const Settings& settings) {
  const auto terminal = Terminal::open();
  if (!terminal) {
    throw Error(Errc::bad_request,
                "there is no terminal to ask for the password at; give --password-stdin");
  }
  const auto answer = terminal->ask_secret(
      "Password of " + options.username + " for " + join(options.servers) + ": ",
      std::chrono::ceil<std::chrono::seconds>(settings.prompt_timeout));
  if (answer.signal != 0) die_of(answer.signal);
  if (answer.timed_out) throw Error(Errc::bad_request, "nobody gave the password in time");
  return Secret(as_text(answer.text.bytes()));
}

std::vector<Credential> credentials_of(const Options& options, const Secret& password) {
  std::vector<Credential> credentials;
  credentials.reserve(options.servers.size());
  for (const auto& server : options.servers) {
    credentials.push_back({server, options.username, password.copy()});
  }
  return credentials;
}

// Ends at the first that fails; those before it are stored, and stay said.
int store_all(Store& store, std::span<const Credential> credentials,
              const CommandContext& context) {
  for (std::size_t done = 0; done < credentials.size(); ++done) {
    const Credential& credential = credentials[done];
    try {
      put_newest(store, credential);
    } catch (const Error& failure) {
      if (done == 0) throw;
      static_cast<void>(report_beside(failure, context.err));
      context.err.note("not stored: ", join(servers_of(credentials.subspan(done))));
      return exit_partial;
    }
    context.done("the login was stored");
    context.out.line("stored ", credential.server, " for ", credential.username, " in the ",
                     store.id_for(credential.server).name());
  }
  return exit_done;
}

// Who would go on without it: said once, for all servers.
void note_who_does_not_ask(const Options& options, const CommandContext& context) {
  for (const auto& server : options.servers) {
    const auto those = who_does_not_ask(server, context.environment);
    if (those.empty()) continue;
    context.err.hint(join(those, " and "),
                     those.size() == 1 && those.front() == "docker" ? " does" : " do",
                     " not ask for it yet: ", kProgram, " migrate");
    return;
  }
}

}  // namespace

int add_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  const Settings settings = read_settings(context.environment, context.err);
  const Secret password =
      options.from_stdin ? password_of_stdin() : password_of_terminal(options, settings);
  if (const auto refusal = why_not_added(options.username, password.reveal())) {
    context.err.note(refusal->reason);
    return exit_usage;
  }
  const auto credentials = credentials_of(options, password);
  const auto store = open_store_and_home(context.environment, settings, context.err);
  const int status = store_all(*store, credentials, context);
  context.look_back([&] { note_who_does_not_ask(options, context); });
  return status;
}

}  // namespace cred
