// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/credentials/command.h"
#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "helper/text/time_text.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

Grammar grammar_of(bool& json) {
  return {.name = "ls",
          .help =
              "Lists what is stored: server, user name, store, and since when. Never asks, and "
              "never shows a secret.",
          .arguments = {{"--json", &json, "As one JSON document"}}};
}

void print(std::span<const ListedCredential> credentials, const CommandContext& context) {
  if (credentials.empty()) return context.err.note("no login is stored");
  Table table;
  table.add({"SERVER", "USER", "STORE", "SINCE"});
  for (const auto& credential : credentials) {
    const std::string store(credential.store.name());
    table.add({credential.server, credential.username,
               credential.is_locked ? store + ", locked" : store,
               credential.stored_at ? local_time(*credential.stored_at) : ""});
  }
  table.print(context.out, "", context.result_width());
}

// Of the stores that were locked: what is known of them is what the index says.
void note_locked(std::span<const ListedCredential> credentials, const CommandContext& context) {
  std::set<StoreId> locked;
  for (const auto& credential : credentials) {
    if (credential.is_locked) locked.insert(credential.store);
  }
  for (const auto& store : locked) {
    context.err.note("the ", store.name(),
                     " is locked: what is shown of it is what was known before");
    if (!store.unlock_command().empty()) context.err.hint(store.unlock_command());
  }
}

Json json_of(const ListedCredential& credential) {
  Json json = {{"server", credential.server},
               {"username", credential.username},
               {"store", credential.store.text()},
               {"locked", credential.is_locked}};
  add_time(json, "stored", credential.stored_at);
  return json;
}

}  // namespace

int ls_command(std::span<const std::string> arguments, const CommandContext& context) {
  bool json = false;
  if (const auto answered = parse_command_line(grammar_of(json), arguments, context)) {
    return *answered;
  }
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store(context.environment, settings, context.err);
  const auto credentials = store->list_details();
  if (!json) {
    print(credentials, context);
    note_locked(credentials, context);
    return exit_done;
  }
  Json listed = Json::array();
  for (const auto& credential : credentials) listed.push_back(json_of(credential));
  write_json({{"version", 1}, {"credentials", std::move(listed)}}, context.document);
  return exit_done;
}

}  // namespace cred
