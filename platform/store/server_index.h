// SPDX-License-Identifier: MIT
// The index: which servers we know to be stored, and in which store. It tells a locked store that
// has a server from one that has not, and which of two stores counts. It holds no secret.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/store_id.h"
#include "platform/system/environment.h"

namespace cred {

// Whether what is learned is written down, or known to this process alone.
enum class IndexUse { kept, only_read };

// It errs only towards "maybe stored". Lost, broken or not to be written, it never stops the work:
// no function throws for the file's sake. Each change is written at once, and only if it is one.
class ServerIndex {
 public:
  // `file` is servers.json; its folder is made when first needed.
  explicit ServerIndex(std::filesystem::path file, IndexUse use = IndexUse::kept)
      : file_(std::move(file)), use_(use) {}

  // Whether `store` may hold a credential for `server` that counts.
  [[nodiscard]] bool names(std::string_view server, StoreId store) const;

  // Whether `store` may hold one that another store's has replaced: it is to be erased, and never
  // answers.
  [[nodiscard]] bool is_stale(std::string_view server, StoreId store) const;

  // The store whose credential counts before all others; nullopt if none is named.
  [[nodiscard]] std::optional<StoreId> holder(std::string_view server) const;

  [[nodiscard]] std::vector<std::string> servers(StoreId store) const;
  [[nodiscard]] std::vector<std::string> stale_servers(StoreId store) const;

  // Whether every server of `store` is named here: false until a whole listing of it went in, so
  // also when the file is lost or broken. `which` narrows it, as to one vault by its id.
  [[nodiscard]] bool is_complete(StoreId store, std::string_view which = "") const;
  void set_complete(StoreId store, std::string_view which = "");

  // About to be put into `store`, whose credential counts from now on; what others are named for
  // stays named behind it.
  void add_stored(std::span<const std::string> servers, StoreId store);

  // Seen in `store`: changes nothing where a store is named that counts before it.
  void add_seen(std::span<const std::string> servers, StoreId store);

  // Replaced by another store's, and could not be erased.
  void mark_stale(std::span<const std::string> servers, StoreId store);

  // Proven gone from `store`.
  void remove(std::span<const std::string> servers, StoreId store);

 private:
  struct Entry {
    std::vector<std::string> stores;  // the first counts
    std::vector<std::string> stale;
    bool operator==(const Entry&) const = default;
  };
  struct Content {
    std::set<std::string, std::less<>> complete;
    std::map<std::string, Entry, std::less<>> entries;  // by server
    bool operator==(const Content&) const = default;
  };

  class Reader;

  [[nodiscard]] const Content& content() const;
  [[nodiscard]] const Entry* find(std::string_view server) const;
  [[nodiscard]] Content read() const;
  template <typename Change>
  void change(Change apply);
  template <typename Change>
  void change_entries(std::span<const std::string> servers, Change apply);

  std::filesystem::path file_;
  IndexUse use_;
  mutable std::optional<Content> cache_;
};

// Where the index of this user lies: servers.json in the state folder.
[[nodiscard]] std::filesystem::path index_file(const Environment& environment);

}  // namespace cred
