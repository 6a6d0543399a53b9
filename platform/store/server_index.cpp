// SPDX-License-Identifier: MIT
#include "platform/store/server_index.h"

#include <rapidjson/reader.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

using Json = nlohmann::json;

// Long enough for forty writers in a row; each holds the lock for one small file.
constexpr std::chrono::seconds kLockWait(5);

bool has(const std::vector<std::string>& stores, std::string_view store) {
  return std::ranges::find(stores, store) != stores.end();
}

std::string narrowed(StoreId store, std::string_view which) {
  std::string text(store.text());
  if (!which.empty()) text.append(":").append(which);
  return text;
}

Json write_entry(const std::vector<std::string>& stores, const std::vector<std::string>& stale) {
  Json json = Json::object();
  if (!stores.empty()) json["store"] = stores.front();
  if (stores.size() > 1) json["also"] = std::vector(stores.begin() + 1, stores.end());
  if (!stale.empty()) json["stale"] = stale;
  return json;
}

}  // namespace

// Makes the content while the text is read: to build a document of ten thousand servers first would
// take three times as long, and so would nlohmann's reader in the place of RapidJSON's. "store" is
// the one that counts, "also" those behind it, "stale" those that are to be erased; members that it
// does not know are passed over.
class ServerIndex::Reader final : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Reader> {
 public:
  [[nodiscard]] Content take_content() { return has_servers_ ? std::move(content_) : Content(); }

  // What RapidJSON calls. Each answer is whether to go on. What is open: the document, "servers" or
  // another member, the entry of a server, a list in it.
  bool StartObject() {
    ++open_;
    if (open_ == 2 && part_ == "servers") has_servers_ = true;
    if (open_ == 3) entry_ = {};
    return open_ < 2 || is_passed_over() || (is_entry() && open_ < 4);
  }
  bool StartArray() {
    ++open_;
    if (open_ == 2 && part_ == "complete") return true;
    if (open_ == 3 && is_entry()) return false;
    return open_ < 2 || is_passed_over() || (is_entry() && open_ == 4 && member_ != "store");
  }
  bool EndObject(rapidjson::SizeType /*members*/) {
    if (open_ == 3 && is_entry()) {
      if (entry_ == Entry()) return false;
      content_.entries.insert_or_assign(content_.entries.end(), std::string(server_),
                                        std::move(entry_));
    }
    --open_;
    return true;
  }
  bool EndArray(rapidjson::SizeType /*elements*/) {
    --open_;
    return true;
  }
  bool Key(const char* name, rapidjson::SizeType size, bool /*copy*/) {
    if (open_ == 1) part_ = {name, size};
    if (open_ == 2) server_ = {name, size};
    if (open_ == 3) member_ = {name, size};
    return true;
  }
  bool String(const char* begin, rapidjson::SizeType size, bool /*copy*/) {
    if (is_passed_over()) return true;
    const std::string_view text(begin, size);
    if (open_ == 2 && !is_entry()) {
      content_.complete.emplace(text);
    } else if (open_ == 3 && member_ == "store") {
      entry_.stores.emplace(entry_.stores.begin(), text);
    } else if (open_ == 4) {
      (member_ == "also" ? entry_.stores : entry_.stale).emplace_back(text);
    } else {
      return false;
    }
    return true;
  }
  bool Bool(bool value) {
    // As the versions before the vault wrote it.
    if (open_ == 1 && part_ == "complete" && value) content_.complete.emplace("keyring");
    return is_passed_over();
  }
  [[nodiscard]] bool RawNumber(const char* /*digits*/, rapidjson::SizeType /*size*/,
                               bool /*copy*/) const {
    return Default();
  }
  // Every other value.
  [[nodiscard]] bool Default() const { return is_passed_over(); }

 private:
  static bool is_ours(std::string_view member) {
    return member == "store" || member == "also" || member == "stale";
  }
  [[nodiscard]] bool is_entry() const { return part_ == "servers"; }
  // Whether a value at this place, or in the container just opened, means nothing to us.
  [[nodiscard]] bool is_passed_over() const {
    if (open_ < 2) return true;
    return is_entry() ? open_ > 2 && !is_ours(member_) : part_ != "complete";
  }

  Content content_;
  bool has_servers_ = false;
  int open_ = 0;
  // Parts of the text.
  std::string_view part_;
  std::string_view server_;
  std::string_view member_;
  Entry entry_;
};

bool ServerIndex::names(std::string_view server, StoreId store) const {
  const Entry* entry = find(server);
  return entry != nullptr && has(entry->stores, store.text());
}

bool ServerIndex::is_stale(std::string_view server, StoreId store) const {
  const Entry* entry = find(server);
  return entry != nullptr && has(entry->stale, store.text());
}

std::optional<StoreId> ServerIndex::holder(std::string_view server) const {
  const Entry* entry = find(server);
  if (entry == nullptr) return std::nullopt;
  return entry->stores.empty() ? std::nullopt : StoreId::parse(entry->stores.front());
}

std::vector<std::string> ServerIndex::servers(StoreId store) const {
  std::vector<std::string> result;
  for (const auto& [server, entry] : content().entries) {
    if (has(entry.stores, store.text())) result.push_back(server);
  }
  return result;
}

std::vector<std::string> ServerIndex::stale_servers(StoreId store) const {
  std::vector<std::string> result;
  for (const auto& [server, entry] : content().entries) {
    if (has(entry.stale, store.text())) result.push_back(server);
  }
  return result;
}

bool ServerIndex::is_complete(StoreId store, std::string_view which) const {
  return content().complete.contains(narrowed(store, which));
}

void ServerIndex::set_complete(StoreId store, std::string_view which) {
  if (is_complete(store, which)) return;
  change([&](Content& content) { content.complete.insert(narrowed(store, which)); });
}

void ServerIndex::add_stored(std::span<const std::string> servers, StoreId store) {
  const std::string_view name = store.text();
  change_entries(servers, [&](Entry& entry) {
    std::erase(entry.stale, name);
    std::erase(entry.stores, name);
    entry.stores.insert(entry.stores.begin(), std::string(name));
  });
}

void ServerIndex::add_seen(std::span<const std::string> servers, StoreId store) {
  const std::string_view name = store.text();
  change_entries(servers, [&](Entry& entry) {
    if (!has(entry.stores, name) && !has(entry.stale, name)) entry.stores.emplace_back(name);
  });
}

void ServerIndex::mark_stale(std::span<const std::string> servers, StoreId store) {
  const std::string_view name = store.text();
  change_entries(servers, [&](Entry& entry) {
    std::erase(entry.stores, name);
    if (!has(entry.stale, name)) entry.stale.emplace_back(name);
  });
}

void ServerIndex::remove(std::span<const std::string> servers, StoreId store) {
  if (std::ranges::none_of(servers, [&](const std::string& server) {
        return names(server, store) || is_stale(server, store);
      })) {
    return;
  }
  const std::string_view name = store.text();
  change([&](Content& content) {
    for (const auto& server : servers) {
      const auto found = content.entries.find(server);
      if (found == content.entries.end()) continue;
      std::erase(found->second.stores, name);
      std::erase(found->second.stale, name);
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
  // In place, not by recursion, and numbers, of which it has none, as they stand.
  constexpr unsigned kHow = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                            rapidjson::kParseValidateEncodingFlag |
                            rapidjson::kParseNumbersAsStringsFlag;
  if (text->find('\0') != std::string::npos) return {};  // RapidJSON would stop there, content
  Reader reader;
  rapidjson::InsituStringStream stream(text->data());
  return rapidjson::Reader().Parse<kHow>(stream, reader) ? reader.take_content() : Content();
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
