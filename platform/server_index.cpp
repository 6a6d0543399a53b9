// SPDX-License-Identifier: MIT
#include "platform/server_index.h"

#include <algorithm>
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

bool has(const std::vector<std::string>& stores, std::string_view store) {
  return std::ranges::find(stores, store) != stores.end();
}

// False if `json` is no list of texts.
bool read_texts(const Json& json, std::vector<std::string>& texts) {
  if (!json.is_array()) return false;
  for (const auto& text : json) {
    if (!text.is_string()) return false;
    texts.push_back(text.get<std::string>());
  }
  return true;
}

// "store" is the one that counts, "also" those behind it, "stale" those that are to be erased.
bool read_entry(const Json& json, std::vector<std::string>& stores,
                std::vector<std::string>& stale) {
  if (!json.is_object()) return false;
  const auto store = json.find("store");
  if (store != json.end()) {
    if (!store->is_string()) return false;
    stores.push_back(store->get<std::string>());
  }
  const auto also = json.find("also");
  if (also != json.end() && !read_texts(*also, stores)) return false;
  const auto old = json.find("stale");
  if (old != json.end() && !read_texts(*old, stale)) return false;
  return !stores.empty() || !stale.empty();
}

Json write_entry(const std::vector<std::string>& stores, const std::vector<std::string>& stale) {
  Json json = Json::object();
  if (!stores.empty()) json["store"] = stores.front();
  if (stores.size() > 1) json["also"] = std::vector(stores.begin() + 1, stores.end());
  if (!stale.empty()) json["stale"] = stale;
  return json;
}

}  // namespace

bool ServerIndex::names(std::string_view server, std::string_view store) const {
  const Entry* entry = find(server);
  return entry != nullptr && has(entry->stores, store);
}

bool ServerIndex::is_stale(std::string_view server, std::string_view store) const {
  const Entry* entry = find(server);
  return entry != nullptr && has(entry->stale, store);
}

std::string ServerIndex::holder(std::string_view server) const {
  const Entry* entry = find(server);
  return entry == nullptr || entry->stores.empty() ? "" : entry->stores.front();
}

std::vector<std::string> ServerIndex::servers(std::string_view store) const {
  std::vector<std::string> result;
  for (const auto& [server, entry] : content().entries) {
    if (has(entry.stores, store)) result.push_back(server);
  }
  return result;
}

std::vector<std::string> ServerIndex::stale_servers(std::string_view store) const {
  std::vector<std::string> result;
  for (const auto& [server, entry] : content().entries) {
    if (has(entry.stale, store)) result.push_back(server);
  }
  return result;
}

bool ServerIndex::is_complete(std::string_view store) const {
  return content().complete.contains(store);
}

void ServerIndex::set_complete(std::string_view store) {
  if (is_complete(store)) return;
  change([&](Content& content) { content.complete.emplace(store); });
}

void ServerIndex::add_stored(std::span<const std::string> servers, std::string_view store) {
  change_entries(servers, [&](Entry& entry) {
    std::erase(entry.stale, store);
    std::erase(entry.stores, store);
    entry.stores.insert(entry.stores.begin(), std::string(store));
  });
}

void ServerIndex::add_seen(std::span<const std::string> servers, std::string_view store) {
  change_entries(servers, [&](Entry& entry) {
    if (!has(entry.stores, store) && !has(entry.stale, store)) entry.stores.emplace_back(store);
  });
}

void ServerIndex::mark_stale(std::span<const std::string> servers, std::string_view store) {
  change_entries(servers, [&](Entry& entry) {
    std::erase(entry.stores, store);
    if (!has(entry.stale, store)) entry.stale.emplace_back(store);
  });
}

void ServerIndex::remove(std::span<const std::string> servers, std::string_view store) {
  if (std::ranges::none_of(servers, [&](const std::string& server) {
        return names(server, store) || is_stale(server, store);
      })) {
    return;
  }
  change([&](Content& content) {
    for (const auto& server : servers) {
      const auto found = content.entries.find(server);
      if (found == content.entries.end()) continue;
      std::erase(found->second.stores, store);
      std::erase(found->second.stale, store);
      if (found->second == Entry()) content.entries.erase(found);
    }
  });
}

const ServerIndex::Content& ServerIndex::content() const {
  if (!cache_) cache_ = read();
  return *cache_;
}

const ServerIndex::Entry* ServerIndex::find(std::string_view server) const {
  const auto& entries = content().entries;
  const auto found = entries.find(server);
  return found == entries.end() ? nullptr : &found->second;
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
  if (!json.is_object()) return {};
  const auto servers = json.find("servers");
  if (servers == json.end() || !servers->is_object()) return {};
  Content content;
  const auto complete = json.find("complete");
  std::vector<std::string> whole;
  if (complete != json.end() && read_texts(*complete, whole)) {
    content.complete.insert(whole.begin(), whole.end());
  } else if (complete != json.end() && *complete == true) {
    content.complete.emplace("keyring");  // as the versions before the vault wrote it
  }
  for (auto server = servers->begin(); server != servers->end(); ++server) {
    Entry entry;
    if (!read_entry(*server, entry.stores, entry.stale)) return {};
    content.entries.emplace_hint(content.entries.end(), server.key(), std::move(entry));
  }
  return content;
}

template <typename Change>
void ServerIndex::change(Change apply) {
  if (use_ == IndexUse::only_read) {
    static_cast<void>(content());
    apply(*cache_);
    return;
  }
  try {
    make_private_folder(file_.parent_path());
    const auto lock = FileLock::acquire(file_.string() + ".lock", kLockWait);
    if (!lock) return;
    const Content before = read();  // again: another process may have written since
    Content current = before;
    apply(current);
    cache_ = current;
    if (current == before) return;
    Json servers = Json::object();
    for (const auto& [server, entry] : current.entries) {
      servers[server] = write_entry(entry.stores, entry.stale);
    }
    const Json json = {{"complete", current.complete}, {"servers", std::move(servers)}};
    replace_private_file(file_, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
  } catch (const Error&) {
    static_cast<void>(content());  // this process goes on with it
    apply(*cache_);
  }
}

template <typename Change>
void ServerIndex::change_entries(std::span<const std::string> servers, Change apply) {
  // Most calls change nothing, and are to cost nothing, however much is known.
  const auto is_change = [&](const std::string& server) {
    const Entry* known = find(server);
    Entry entry = known == nullptr ? Entry() : *known;
    apply(entry);
    return known == nullptr || entry != *known;
  };
  if (std::ranges::none_of(servers, is_change)) return;
  change([&](Content& content) {
    for (const auto& server : servers) apply(content.entries[server]);
  });
}

std::filesystem::path index_file(const Environment& environment) {
  return environment.state_folder() / "servers.json";
}

}  // namespace cred
