// SPDX-License-Identifier: MIT
#include "platform/store/server_index.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

// Long enough for forty writers in a row; each holds the lock for one small file.
constexpr std::chrono::seconds kLockWait(5);

bool has(const std::vector<StoreId>& stores, StoreId store) {
  return std::ranges::find(stores, store) != stores.end();
}

std::string narrowed(StoreId store, std::string_view which) {
  std::string text(store.text());
  if (!which.empty()) text.append(":").append(which);
  return text;
}

std::optional<std::string> read_quietly(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

bool ServerIndex::names(std::string_view server, StoreId store) const {
  const auto found = text().find(server);
  return found && has(found->stores, store);
}

bool ServerIndex::is_stale(std::string_view server, StoreId store) const {
  const auto found = text().find(server);
  return found && has(found->stale, store);
}

std::optional<StoreId> ServerIndex::holder(std::string_view server) const {
  const auto found = text().find(server);
  return found && !found->stores.empty() ? std::optional(found->stores.front()) : std::nullopt;
}

std::vector<std::string> ServerIndex::servers(StoreId store) const { return text().servers(store); }

std::vector<std::string> ServerIndex::stale_servers(StoreId store) const {
  return text().stale_servers(store);
}

bool ServerIndex::is_complete(StoreId store, std::string_view which) const {
  return text().is_complete(narrowed(store, which));
}

void ServerIndex::set_complete(StoreId store, std::string_view which) {
  if (is_complete(store, which)) return;
  change([&](IndexContent& content) { content.stores[narrowed(store, which)].is_complete = true; });
}

void ServerIndex::add_stored(std::span<const std::string> servers, StoreId store) {
  change_servers(servers, [&](IndexedServer& server) {
    std::erase(server.stale, store);
    std::erase(server.stores, store);
    server.stores.insert(server.stores.begin(), store);
  });
}

void ServerIndex::add_seen(std::span<const std::string> servers, StoreId store) {
  change_servers(servers, [&](IndexedServer& server) {
    if (!has(server.stores, store) && !has(server.stale, store)) server.stores.push_back(store);
  });
}

void ServerIndex::mark_stale(std::span<const std::string> servers, StoreId store) {
  change_servers(servers, [&](IndexedServer& server) {
    std::erase(server.stores, store);
    if (!has(server.stale, store)) server.stale.push_back(store);
  });
}

void ServerIndex::remove(std::span<const std::string> servers, StoreId store) {
  if (std::ranges::none_of(servers, [&](const std::string& server) {
        return names(server, store) || is_stale(server, store);
      })) {
    return;
  }
  change([&](IndexContent& content) {
    for (const auto& server : servers) {
      const auto found = content.servers.find(server);
      if (found == content.servers.end()) continue;
      std::erase(found->second.stores, store);
      std::erase(found->second.stale, store);
      if (found->second.stores.empty() && found->second.stale.empty()) content.servers.erase(found);
    }
  });
}

const IndexText& ServerIndex::text() const {
  if (cache_) return *cache_;
  Found found = read();
  if (found.has_old && use_ == IndexUse::kept) {
    try {
      if (const auto alone = lock()) {
        found = read();
        write(found, std::string(found.text.bytes()));
      }
    } catch (const Error&) {
      // It stays, and is read each time.
    }
  }
  cache_ = std::move(found.text);
  return *cache_;
}

ServerIndex::Found ServerIndex::read() const {
  // The old one first: who takes it over removes it once ours is there.
  const auto old = read_quietly(old_file());
  auto bytes = read_quietly(file_);
  std::optional<IndexText> index;
  if (bytes) index = IndexText::parse(std::move(*bytes));
  if (!old) return {index ? std::move(*index) : IndexText(), index.has_value(), false};
  // Beside ours if a version before wrote it since then, or if we were killed before it was
  // removed.
  IndexContent content = read_servers_json(*old);
  if (index) content = merge(index->content(), content);
  return {IndexText::parse(write_index(content)).value_or(IndexText()), false, true};
}

// The caller holds the lock.
void ServerIndex::write(const Found& found, const std::string& bytes) const {
  if (!found.is_written || found.text.bytes() != bytes) {
    replace_file(file_, bytes, {.is_synced = found.has_old});  // before the old one goes
  }
  if (found.has_old) remove_file(old_file());
}

std::filesystem::path ServerIndex::old_file() const { return file_.parent_path() / "servers.json"; }

// nullopt if others hold it for long.
std::optional<FileLock> ServerIndex::lock() const {
  make_private_folder(file_.parent_path());
  return FileLock::acquire(file_.string() + ".lock", kLockWait);
}

void ServerIndex::change(const std::function<void(IndexContent&)>& apply) {
  const auto changed = [&](const IndexText& before) {
    IndexContent content = before.content();
    apply(content);
    return write_index(content);
  };
  if (use_ == IndexUse::kept) {
    try {
      if (const auto alone = lock()) {
        const Found found = read();  // again: another process may have written since
        const std::string bytes = changed(found.text);
        cache_ = IndexText::parse(bytes);
        write(found, bytes);
        return;
      }
    } catch (const Error&) {
      // This process goes on with it.
    }
  }
  cache_ = IndexText::parse(changed(text()));
}

void ServerIndex::change_servers(std::span<const std::string> servers,
                                 const std::function<void(IndexedServer&)>& apply) {
  // Most calls change nothing, and are to cost nothing, however much is known.
  const auto is_change = [&](const std::string& spelling) {
    const auto known = text().find(spelling);
    IndexedServer server = known.value_or(IndexedServer());
    apply(server);
    return server != known;
  };
  if (std::ranges::none_of(servers, is_change)) return;
  change([&](IndexContent& content) {
    for (const auto& server : servers) apply(content.servers[server]);
  });
}

std::filesystem::path index_file(const Environment& environment) {
  return environment.state_folder() / "index";
}

}  // namespace cred
