// SPDX-License-Identifier: MIT
#include "platform/server_index.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/error.h"
#include "platform/file.h"

namespace cred {
namespace {

using Json = nlohmann::json;

// Long enough for forty writers in a row; each holds the lock for one small file.
constexpr std::chrono::seconds kLockWait(5);

}  // namespace

bool ServerIndex::names(std::string_view server, std::string_view store) const {
  const auto& stores = content().stores;
  const auto found = stores.find(server);
  return found != stores.end() && found->second == store;
}

std::vector<std::string> ServerIndex::servers(std::string_view store) const {
  std::vector<std::string> result;
  for (const auto& [server, holder] : content().stores) {
    if (holder == store) result.push_back(server);
  }
  return result;
}

void ServerIndex::add(std::span<const std::string> servers, std::string_view store) {
  change([&](Content& content) {
    for (const auto& server : servers) content.stores.insert_or_assign(server, std::string(store));
  });
}

void ServerIndex::add_all(std::span<const std::string> servers, std::string_view store) {
  change([&](Content& content) {
    content.complete = true;
    for (const auto& server : servers) content.stores.insert_or_assign(server, std::string(store));
  });
}

void ServerIndex::remove(std::span<const std::string> servers, std::string_view store) {
  change([&](Content& content) {
    for (const auto& server : servers) {
      const auto found = content.stores.find(server);
      if (found != content.stores.end() && found->second == store) content.stores.erase(found);
    }
  });
}

const ServerIndex::Content& ServerIndex::content() const {
  if (!cache_) cache_ = read();
  return *cache_;
}

ServerIndex::Content ServerIndex::read() const {
  std::optional<std::string> text;
  try {
    text = read_file(file_);
  } catch (const Error&) {
    return {};
  }
  if (!text) return {};
  const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("servers") || !json["servers"].is_object()) return {};
  Content content;
  content.complete = json.value("complete", Json()) == true;
  for (const auto& [server, entry] : json["servers"].items()) {
    if (!entry.is_object() || !entry.contains("store") || !entry["store"].is_string()) return {};
    content.stores.emplace(server, entry["store"].get<std::string>());
  }
  return content;
}

template <typename Change>
void ServerIndex::change(Change apply) {
  Content wanted = content();
  apply(wanted);
  if (wanted == content()) return;
  try {
    make_private_folder(file_.parent_path());
    const auto lock = FileLock::acquire(file_.string() + ".lock", kLockWait);
    if (!lock) return;
    Content current = read();  // again: another process may have written since
    apply(current);
    Json servers = Json::object();
    for (const auto& [server, store] : current.stores) servers[server] = {{"store", store}};
    const Json json = {{"complete", current.complete}, {"servers", std::move(servers)}};
    replace_private_file(file_, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
    cache_ = std::move(current);
  } catch (const Error&) {
    cache_ = std::move(wanted);
  }
}

}  // namespace cred
