// SPDX-License-Identifier: MIT
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/credentials/command.h"
#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "helper/text/time_text.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"

namespace cred {

NLOHMANN_JSON_SERIALIZE_ENUM(Reach, {{Reach::unlocked, "unlocked"},
                                     {Reach::locked, "locked"},
                                     {Reach::absent, "absent"}})

namespace {

using Json = nlohmann::ordered_json;

Grammar grammar_of(bool& json) {
  return {.name = "ls",
          .help =
              "Lists what is stored: server, user name, store, and since when. Never asks, and "
              "never shows a secret.",
          .arguments = {json_argument(json)}};
}

// Of a store that is not unlocked.
std::string_view words_for(Reach reach) {
  return reach == Reach::locked ? "locked" : "out of reach";
}

void print(std::span<const ListedCredential> credentials, const CommandContext& context) {
  if (credentials.empty()) return context.err.note("no login is stored");
  Table table;
  table.add({"SERVER", "USER", "STORE", "SINCE"});
  for (const auto& credential : credentials) {
    std::string store(credential.store.name());
    if (credential.reach != Reach::unlocked) store.append(", ").append(words_for(credential.reach));
    table.add({credential.server, credential.username, std::move(store),
               credential.stored_at ? local_time(*credential.stored_at) : ""});
  }
  table.print(context.out, "", context.result_width());
}

// Of a store that is not unlocked the index says what it had.
void note_not_unlocked(std::span<const ListedCredential> credentials,
                       const CommandContext& context) {
  std::map<StoreId, Reach> stores;
  for (const auto& credential : credentials) {
    if (credential.reach != Reach::unlocked) stores.emplace(credential.store, credential.reach);
  }
  for (const auto& [store, reach] : stores) {
    context.err.note("the ", store.name(), " is ", words_for(reach),
                     ": this is the last list of it that is known");
    const std::string_view command = store.unlock_command();
    if (reach == Reach::locked && !command.empty()) context.err.hint(command);
  }
}

void note_half_known(std::span<const StoreId> stores, const CommandContext& context) {
  for (const auto& store : stores) {
    context.err.note("the ", store.name(),
                     " may have logins that are not listed: it is not unlocked");
    const std::string_view command = store.unlock_command();
    if (!command.empty()) context.err.hint(command);
  }
}

Json json_of(const ListedCredential& credential) {
  Json json = {{"server", credential.server},
               {"username", credential.username},
               {"store", credential.store.text()},
               {"reach", credential.reach}};
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
  const auto store = open_store_and_home(context.environment, settings, context.err);
  const auto credentials = store->list_details();
  if (!json) {
    print(credentials, context);
    note_not_unlocked(credentials, context);
    note_half_known(store->half_known(), context);
    return exit_done;
  }
  Json listed = Json::array();
  for (const auto& credential : credentials) listed.push_back(json_of(credential));
  write_json({{"version", 1}, {"credentials", std::move(listed)}}, context.document);
  return exit_done;
}

}  // namespace cred
