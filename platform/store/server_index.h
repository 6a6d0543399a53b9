// SPDX-License-Identifier: MIT
// The index: which servers we know to be stored, and in which store. It tells a locked store that
// has a server from one that has not, and which of several stores counts. It holds no secret, and
// lies in a file of its own format (index_format.h).
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/index_format.h"
#include "platform/store/store_id.h"
#include "platform/system/environment.h"
#include "platform/system/file.h"

namespace cred {

// One of several of a store, as a vault by its id, as it was in one generation; each change makes
// the next one.
struct StoreState {
  std::string which;
  std::uint64_t generation = 0;

  bool operator==(const StoreState&) const = default;
};

// Whether what is learned is written down, or known to this process alone.
enum class IndexUse { kept, only_read };

// It errs only towards "maybe stored". Lost, broken or not to be written, it never stops the work:
// no function throws for the file's sake. Each change is written at once, and only if it is one.
class ServerIndex {
 public:
  // `file` is "index"; its folder is made when first needed. What servers.json beside it says, from
  // a version before, goes into it, and then that file goes: such a version sees no index then,
  // rather than one that is out of date.
  explicit ServerIndex(std::filesystem::path file, IndexUse use = IndexUse::kept)
      : file_(std::move(file)), use_(use) {}

  // This user's; where its folder takes no locks, they lie in the runtime folder.
  explicit ServerIndex(const Environment& environment, IndexUse use = IndexUse::kept);

  // Whether `store` may hold a credential for `server` that counts.
  [[nodiscard]] bool names(std::string_view server, StoreId store) const;

  // Whether `store` may hold one that another store's has replaced: it is to be erased, and never
  // answers.
  [[nodiscard]] bool is_stale(std::string_view server, StoreId store) const;

  // Either of both.
  [[nodiscard]] bool mentions(std::string_view server, StoreId store) const;

  // The store whose credential counts before all others; nullopt if none is named.
  [[nodiscard]] std::optional<StoreId> holder(std::string_view server) const;

  [[nodiscard]] std::vector<std::string> servers(StoreId store) const;
  [[nodiscard]] std::vector<std::string> stale_servers(StoreId store) const;

  // Whether every server of `store` is named here: false until a whole listing of it went in, so
  // also when the file is lost or broken.
  [[nodiscard]] bool is_complete(StoreId store) const;
  void set_complete(StoreId store);

  // The same for a state of one of several of `store`, as a generation of a vault: a copy of
  // another state may be in its place the next time. `servers` are all that this state has.
  [[nodiscard]] bool is_complete(StoreId store, const StoreState& state) const;
  void set_complete(StoreId store, const StoreState& state, std::span<const std::string> servers);

  // Whether it was so for one that was seen at `place`, in whatever state.
  [[nodiscard]] bool is_complete_at(std::string_view place) const;

  // This process has made `state` out of the one before, and it holds `gone` no more; what came in
  // is named already. Where the index was complete for the one before, it is for this one.
  void set_changed(StoreId store, const StoreState& state, std::span<const std::string> gone);

  // Where one of several of `store` was seen, as a vault by its path.
  [[nodiscard]] std::vector<std::string> places(StoreId store) const;
  void set_place(StoreId store, std::string_view which, std::string_view place);

  // Put into `store`, whose credential counts from now on; what others are named for stays named
  // behind it.
  void add_stored(std::span<const std::string> servers, StoreId store);

  // Seen in `store`, or about to be put there: changes nothing where a store is named that counts
  // before it, nor where that of `store` was replaced.
  void add_seen(std::span<const std::string> servers, StoreId store);

  // Replaced by another store's, and could not be erased.
  void mark_stale(std::span<const std::string> servers, StoreId store);

  // By server, the file that its credential came from, as set_origin() was told it; it stays known
  // when a newer one is stored. Servers of which it is not known are left out. Throws where it
  // cannot be read: passwords would be written into another file.
  [[nodiscard]] std::map<std::string, std::string> origins() const;

  // Of those servers that are named here.
  void set_origin(std::span<const std::string> servers, const std::filesystem::path& file);

  // Held while credentials are put somewhere, by many at once, until the index says so. nullopt
  // where it cannot be held.
  [[nodiscard]] std::optional<FileLock> hold_for_put() const;

  // Held while stale copies are erased, by one, and only while nobody puts: what is_stale() and
  // stale_servers() say is true as long. nullopt where it cannot be had at once.
  [[nodiscard]] std::optional<FileLock> hold_for_clearing();

  // Held by one while it removes what a credential under another spelling has replaced. nullopt
  // where it cannot be held.
  [[nodiscard]] std::optional<FileLock> hold_for_replacing();

  // Proven gone from `store`.
  void remove(std::span<const std::string> servers, StoreId store);

 private:
  // What lies there.
  struct Found {
    Index index;
    bool has_old = false;    // servers.json is there too
    bool is_unseen = false;  // one of both cannot be read, and may know more
  };

  [[nodiscard]] Index& index() const;
  [[nodiscard]] Found read() const;
  [[nodiscard]] std::filesystem::path old_file() const;
  [[nodiscard]] std::optional<FileLock> lock() const;
  [[nodiscard]] std::optional<FileLock> hold(const char* name, LockKind kind,
                                             std::chrono::milliseconds limit) const;
  void change(const std::function<void(Index&)>& apply) const;
  void change_servers(std::span<const std::string> servers,
                      const std::function<void(IndexedServer&)>& apply);

  [[nodiscard]] LockPlace lock_place(const std::string& name) const;

  std::filesystem::path file_;
  std::filesystem::path runtime_folder_;
  IndexUse use_;
  mutable std::optional<Index> cache_;
};

// Where the index of this user lies: $DOCKER_CREDENTIAL_KEYRING_INDEX, else the file "index" in the
// state folder.
[[nodiscard]] std::filesystem::path index_file(const Environment& environment);

}  // namespace cred
