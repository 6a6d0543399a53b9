// SPDX-License-Identifier: MIT
#include "platform/store/server_index.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "platform/system/error.h"

namespace cred {
namespace {

// Long enough for forty writers in a row; each holds the lock for one small file.
constexpr std::chrono::seconds kLockWait(5);
constexpr const char* kPutsLock = "puts.lock";

std::string narrowed(StoreId store, std::string_view which) {
  std::string text(store.text());
  if (!which.empty()) text.append(":").append(which);
  return text;
}

// nullopt, too, if it cannot be seen, which `is_unseen` says then.
std::optional<std::string> read_quietly(const std::filesystem::path& file, bool& is_unseen) {
  try {
    return read_file(file);
  } catch (const Error&) {
    is_unseen = true;
    return std::nullopt;
  }
}

void see(IndexedServer& server, StoreId store) {
  if (!server.names(store) && !server.is_stale(store)) server.stores.push_back(store);
}

void forget(IndexedServer& server, StoreId store) {
  std::erase(server.stores, store);
  std::erase(server.stale, store);
}

void apply_to(Index& index, std::span<const std::string> servers,
              const std::function<void(IndexedServer&)>& apply) {
  for (const auto& spelling : servers) {
    const IndexedServer known = index.find(spelling);
    IndexedServer server = known;
    apply(server);
    if (server != known) index.set(spelling, server);
  }
}

}  // namespace

ServerIndex::ServerIndex(const Environment& environment, IndexUse use)
    : file_(index_file(environment)), runtime_folder_(environment.runtime_folder()), use_(use) {}

bool ServerIndex::names(std::string_view server, StoreId store) const {
  return index().find(server).names(store);
}

bool ServerIndex::is_stale(std::string_view server, StoreId store) const {
  return index().find(server).is_stale(store);
}

bool ServerIndex::mentions(std::string_view server, StoreId store) const {
  const auto found = index().find(server);
  return found.names(store) || found.is_stale(store);
}

std::optional<StoreId> ServerIndex::holder(std::string_view server) const {
  const auto found = index().find(server);
  return found.stores.empty() ? std::nullopt : std::optional(found.stores.front());
}

std::vector<std::string> ServerIndex::servers(StoreId store) const {
  return index().servers(store);
}

std::vector<std::string> ServerIndex::stale_servers(StoreId store) const {
  return index().stale_servers(store);
}

std::map<std::string, std::string> ServerIndex::origins() const {
  const Index& known = index();  // also what a version before wrote
  auto bytes = read_file(file_);
  const auto read = bytes ? Index::parse(std::move(*bytes)) : std::nullopt;
  return read ? read->files() : known.files();
}

void ServerIndex::set_origin(std::span<const std::string> servers,
                             const std::filesystem::path& file) {
  change_servers(servers, [&](IndexedServer& server) {
    if (!server.stores.empty()) server.file = file.string();
  });
}

bool ServerIndex::is_complete(StoreId store) const { return is_complete(store, {}); }

void ServerIndex::set_complete(StoreId store) { set_complete(store, {}, {}); }

bool ServerIndex::is_complete(StoreId store, const StoreState& state) const {
  return index().complete(narrowed(store, state.which)) == state.generation;
}

void ServerIndex::set_complete(StoreId store, const StoreState& state,
                               std::span<const std::string> servers) {
  if (is_complete(store, state)) return;
  change([&](Index& index) {
    apply_to(index, servers, [&](IndexedServer& server) { see(server, store); });
    index.set_complete(narrowed(store, state.which), state.generation);
  });
}

bool ServerIndex::is_complete_at(std::string_view place) const {
  return index().is_complete_at(place);
}

void ServerIndex::set_changed(StoreId store, const StoreState& state,
                              std::span<const std::string> gone) {
  const std::string name = narrowed(store, state.which);
  change([&](Index& index) {
    apply_to(index, gone, [&](IndexedServer& server) { forget(server, store); });
    if (index.complete(name) == state.generation - 1) index.set_complete(name, state.generation);
  });
}

std::vector<std::string> ServerIndex::places(StoreId store) const {
  return index().states(narrowed(store, ""));
}

void ServerIndex::set_place(StoreId store, std::string_view which, std::string_view place) {
  const std::string name = narrowed(store, which);
  if (index().state(name) == place) return;
  change([&](Index& index) { index.set_state(name, place); });
}

void ServerIndex::add_stored(std::span<const std::string> servers, StoreId store) {
  // Whatever is known here: another process may have removed or marked one of them since.
  change([&](Index& index) {
    apply_to(index, servers, [&](IndexedServer& server) {
      std::erase(server.stale, store);
      std::erase(server.stores, store);
      server.stores.insert(server.stores.begin(), store);
    });
  });
}

void ServerIndex::add_seen(std::span<const std::string> servers, StoreId store) {
  change_servers(servers, [&](IndexedServer& server) { see(server, store); });
}

void ServerIndex::mark_stale(std::span<const std::string> servers, StoreId store) {
  change_servers(servers, [&](IndexedServer& server) {
    std::erase(server.stores, store);
    if (!server.is_stale(store)) server.stale.push_back(store);
  });
}

void ServerIndex::remove(std::span<const std::string> servers, StoreId store) {
  change_servers(servers, [&](IndexedServer& server) { forget(server, store); });
}

Index& ServerIndex::index() const {
  if (cache_) return *cache_;
  Found found = read();
  cache_ = std::move(found.index);
  if (found.has_old) change([](Index&) {});  // if it cannot be taken over, it is read each time
  return *cache_;
}

ServerIndex::Found ServerIndex::read() const {
  // The old one first: who takes it over removes it once ours is there.
  bool is_unseen = false;
  const auto old = read_quietly(old_file(), is_unseen);
  auto bytes = read_quietly(file_, is_unseen);
  auto index = bytes ? Index::parse(std::move(*bytes)) : std::nullopt;
  if (!old) return {std::move(index).value_or(Index()), false, is_unseen};
  // Beside ours if a version before wrote it since then, or if we were killed before it was
  // removed.
  Index later = read_servers_json(*old);
  if (!index) return {std::move(later), true, is_unseen};
  index->merge(later);
  return {std::move(*index), true, is_unseen};
}

std::filesystem::path ServerIndex::old_file() const { return file_.parent_path() / "servers.json"; }

LockPlace ServerIndex::lock_place(const std::string& name) const {
  LockPlace place{.file = file_.parent_path() / name};
  if (!runtime_folder_.empty()) place.instead = runtime_file(runtime_folder_, name);
  return place;
}

// nullopt if others hold it for long.
std::optional<FileLock> ServerIndex::lock() const {
  make_private_folder(file_.parent_path());
  return FileLock::acquire(lock_place("index.lock"), kLockWait);
}

// Quietly, as all that is done for the index.
std::optional<FileLock> ServerIndex::hold(const char* name, LockKind kind,
                                          std::chrono::milliseconds limit) const {
  try {
    make_private_folder(file_.parent_path());
    return FileLock::acquire(lock_place(name), limit, kind);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<FileLock> ServerIndex::hold_for_put() const {
  return hold(kPutsLock, LockKind::shared, kLockWait);
}

std::optional<FileLock> ServerIndex::hold_for_replacing() {
  auto held = hold("replacing.lock", LockKind::exclusive, kLockWait);
  if (held) cache_.reset();
  return held;
}

std::optional<FileLock> ServerIndex::hold_for_clearing() {
  auto held = hold(kPutsLock, LockKind::exclusive, std::chrono::milliseconds(0));
  if (held) cache_.reset();  // another process may have put since
  return held;
}

void ServerIndex::change(const std::function<void(Index&)>& apply) const {
  if (use_ == IndexUse::kept) {
    try {
      if (const auto alone = lock()) {
        Found found = read();  // again: another process may have written since
        apply(found.index);
        cache_ = std::move(found.index);
        if (found.is_unseen) return;  // it may know what this process does not
        if (cache_->is_changed()) {
          replace_file(file_, cache_->text(), {.is_synced = found.has_old});  // before that goes
        }
        if (found.has_old) remove_file(old_file());
        return;
      }
    } catch (const Error&) {
      // This process goes on with it.
    }
  }
  apply(index());
}

void ServerIndex::change_servers(std::span<const std::string> servers,
                                 const std::function<void(IndexedServer&)>& apply) {
  // Most calls change nothing, and are to cost nothing, however much is known.
  const auto is_change = [&](const std::string& spelling) {
    const IndexedServer known = index().find(spelling);
    IndexedServer server = known;
    apply(server);
    return server != known;
  };
  if (std::ranges::none_of(servers, is_change)) return;
  change([&](Index& index) { apply_to(index, servers, apply); });
}

std::filesystem::path index_file(const Environment& environment) {
  if (const auto named = environment.get("DOCKER_CREDENTIAL_KEYRING_INDEX")) return *named;
  return environment.state_folder() / "index";
}

}  // namespace cred
