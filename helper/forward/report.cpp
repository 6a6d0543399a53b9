// SPDX-License-Identifier: MIT
#include "helper/forward/report.h"

#include <nlohmann/json.hpp>

#include "helper/forward/scope.h"
#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "helper/text/time_text.h"

namespace cred {

void print_forwards(std::span<const ForwardRecord> forwards, const CommandContext& context) {
  Table table;
  table.add({"SOCKET", "SERVERS", "UNTIL", "STORE", "PROCESS"});
  for (const auto& forward : forwards) {
    table.add({forward.socket.string(), scope_text({forward.servers, forward.all}),
               local_time(forward.until), forward.allows_store ? "allowed" : "refused",
               std::to_string(forward.pid)});
  }
  table.print(context.out, "", context.result_width());
}

void print_forwards_json(std::span<const ForwardRecord> forwards, std::ostream& out) {
  using Json = nlohmann::ordered_json;
  Json listed = Json::array();
  for (const auto& forward : forwards) {
    Json json = {{"socket", forward.socket.string()},
                 {"servers", forward.servers},
                 {"all", forward.all},
                 {"allows_store", forward.allows_store},
                 {"pid", forward.pid}};
    add_time(json, "until", forward.until);
    listed.push_back(std::move(json));
  }
  write_json({{"version", 1}, {"forwards", std::move(listed)}}, out);
}

}  // namespace cred
