// SPDX-License-Identifier: MIT
// servers.json: "complete" lists the stores all of whose servers are named, and is `true` where the
// keyring was the only store; of a server, "store" is the one that counts, "also" those behind it,
// "stale" those whose copies are to be erased. Members that it does not know are passed over.
#include <nlohmann/json.hpp>

#include "platform/store/index_format.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::json;

// Adds the stores that `json` lists; false if it is no such list.
bool read_stores(const Json& json, std::vector<StoreId>& stores) {
  if (!json.is_array()) return false;
  for (const auto& id : json) {
    const auto store =
        id.is_string() ? StoreId::parse(id.get_ref<const std::string&>()) : std::nullopt;
    if (!store) return false;
    stores.push_back(*store);
  }
  return true;
}

bool read_server(const Json& json, IndexedServer& server) {
  if (!json.is_object()) return false;
  if (json.contains("store") && !read_stores(Json::array({json["store"]}), server.stores))
    return false;
  if (json.contains("also") && !read_stores(json["also"], server.stores)) return false;
  if (json.contains("stale") && !read_stores(json["stale"], server.stale)) return false;
  return server != IndexedServer();
}

bool read_complete(const Json& json, Index& index) {
  if (json == true) index.set_complete("keyring");
  if (json.is_boolean()) return true;
  if (!json.is_array()) return false;
  for (const auto& id : json) {
    if (!id.is_string()) return false;
    // Of a vault it was not known in which state.
    if (id == "keyring") index.set_complete("keyring");
  }
  return true;
}

}  // namespace

Index read_servers_json(std::string_view text) {
  if (nests_deeper(text)) return {};
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("servers") || !json["servers"].is_object()) return {};
  Index index;
  if (json.contains("complete") && !read_complete(json["complete"], index)) return {};
  for (const auto& [spelling, entry] : json["servers"].items()) {
    IndexedServer server;
    if (!read_server(entry, server)) return {};
    index.set(spelling, server);
  }
  return index;
}

}  // namespace cred
