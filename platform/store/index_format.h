// SPDX-License-Identifier: MIT
// The index as bytes, pure. A file of lines, whose fields are parted by tabs:
//
//   docker-credential-keyring index 1
//   store   ID       complete|complete:GENERATION|partial   STATE
//   server  SERVER   ID,ID:stale        FILE
//   end
//
// A store is named by its id, as "keyring", or one vault of several as "vault:ID". "complete":
// every server of the store is named; of a vault, that of this GENERATION, for a copy may take its
// place. STATE is the store's: where a vault lies; it may be empty. A
// server is as docker spelled it; the first of its stores counts, and a stale one holds a copy that
// is to be erased. FILE is the one that its credential came from; it may be empty. In SERVER, STATE
// and FILE, control characters and the backslash are written \xHH. Servers are in the order of
// their bytes, each on one line. A line that begins with another word is ignored, and the next
// write leaves it out.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/store_id.h"

namespace cred {

struct IndexedServer {
  std::vector<StoreId> stores;  // the first counts
  std::vector<StoreId> stale;
  std::string file;

  bool operator==(const IndexedServer&) const = default;

  [[nodiscard]] bool names(StoreId store) const;
  [[nodiscard]] bool is_stale(StoreId store) const;
};

struct IndexedStore {
  std::optional<std::uint64_t> complete;  // of this generation; 0 of a store that has none
  std::string state;
};

// An index as its text: servers are looked up and changed where their lines stand. Of ten thousand,
// a call asks for one or two.
class Index {
 public:
  // nullopt if `text` is not a whole index: also where a line of it is none.
  [[nodiscard]] static std::optional<Index> parse(std::string text);

  Index() = default;  // that names nothing

  // Of a server that is not named, no store.
  [[nodiscard]] IndexedServer find(std::string_view server) const;

  // A server that no store is named for is left out.
  void set(std::string_view server, const IndexedServer& named);

  [[nodiscard]] std::optional<std::uint64_t> complete(std::string_view store) const;
  void set_complete(std::string_view store, std::uint64_t generation = 0);

  // Whether one whose state is `state` is complete, in whatever generation.
  [[nodiscard]] bool is_complete_at(std::string_view state) const;

  // Where the store was last; empty if that is not known.
  [[nodiscard]] std::string state(std::string_view store) const;
  void set_state(std::string_view store, std::string_view state);

  // That of each whose name begins so.
  [[nodiscard]] std::vector<std::string> states(std::string_view beginning) const;

  // Those for which `store` is named, either so that it may count, or as stale. What is not UTF-8,
  // nobody can have stored.
  [[nodiscard]] std::vector<std::string> servers(StoreId store) const;
  [[nodiscard]] std::vector<std::string> stale_servers(StoreId store) const;

  // The file that each server's credential came from, where one is known. Servers as above.
  [[nodiscard]] std::map<std::string, std::string> files() const;

  // Adds what `later` says of the same stores, where either may be out of date: a server is named
  // if it is in one of them, and a list is complete if it is in both. `later` decides which store
  // counts.
  void merge(const Index& later);

  [[nodiscard]] std::string text() const;

  // Whether text() says anything else than what parse() was given.
  [[nodiscard]] bool is_changed() const { return is_changed_; }

 private:
  [[nodiscard]] std::vector<std::string> servers_where(StoreId store, bool is_stale) const;

  std::vector<std::unique_ptr<const std::string>> texts_;  // that the lines point into
  std::map<std::string, IndexedStore, std::less<>> stores_;
  std::vector<std::string_view> servers_;  // lines without their first word, in order
  bool has_stale_ = false;
  bool is_changed_ = false;
};

// The index as the versions before wrote it, servers.json. Names nothing if it cannot be used.
[[nodiscard]] Index read_servers_json(std::string_view text);

}  // namespace cred
