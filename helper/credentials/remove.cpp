// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/credentials/command.h"
#include "helper/credentials/server_argument.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

Grammar grammar_of(std::vector<std::string>& servers) {
  return {.name = "remove",
          .help = "Removes the logins for these servers, in every spelling, as docker logout does.",
          .arguments = {server_argument(
              servers, "As ls shows it, or in another spelling of the same registry")},
          .examples = {"docker-credential-keyring remove reg.example:5000"}};
}

// What is known to be stored for `server`, in any spelling.
std::vector<std::string> stored_as(const std::vector<std::string>& known,
                                   const std::string& server) {
  std::vector<std::string> spellings;
  std::ranges::copy_if(known, std::back_inserter(spellings), [&](const std::string& other) {
    return other == server || same_registry(other, server);
  });
  return spellings;
}

// Ends at the first that fails; what went before it is said.
int remove_all(Store& store, std::span<const std::string> servers, const CommandContext& context) {
  const auto known = store.known_servers();
  std::vector<std::string> missing;
  for (std::size_t done = 0; done < servers.size(); ++done) {
    const auto spellings = stored_as(known, servers[done]);
    try {
      erase_every_spelling(store, servers[done]);  // also of what nobody knew
    } catch (const Error& failure) {
      if (missing.size() == done) throw;
      static_cast<void>(report_beside(failure, context.err));
      context.err.note("not removed: ", join(servers.subspan(done)));
      return exit_partial;
    }
    if (spellings.empty()) {
      missing.push_back(servers[done]);
      continue;
    }
    context.done("the login was removed");
    context.out.line("removed ", join(spellings));
  }
  if (missing.empty()) return exit_done;
  context.err.note("no login was known for ", join(missing));
  context.err.hint(kProgram, " ls shows what is stored");
  return missing.size() == servers.size() ? exit_failed : exit_partial;
}

}  // namespace

int remove_command(std::span<const std::string> arguments, const CommandContext& context) {
  std::vector<std::string> servers;
  if (const auto answered = parse_command_line(grammar_of(servers), arguments, context)) {
    return *answered;
  }
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store_and_home(context.environment, settings, context.err);
  return remove_all(*store, servers, context);
}

}  // namespace cred
