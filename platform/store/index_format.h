// SPDX-License-Identifier: MIT
// The index as bytes, pure. A file of lines, whose fields are parted by tabs:
//
//   docker-credential-keyring index 1
//   store   ID       complete|partial   STATE
//   server  SERVER   ID,ID:stale        FILE
//   end
//
// A store is named by its id, as "keyring", or one vault of several as "vault:ID". "complete":
// every server of the store is named. STATE is the store's, as a vault's generation; it may be
// empty. A server is as docker spelled it; the first of its stores counts, and a stale one holds a
// copy that is to be erased. FILE is the one that its credential came from; it may be empty. In
// SERVER, STATE and FILE, control characters and the backslash are written \xHH. Servers are in the
// order of their bytes, each on one line. A line that begins with another word is ignored, and the
// next write leaves it out.
#pragma once

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
};

struct IndexedStore {
  bool is_complete = false;
  std::string state;

  bool operator==(const IndexedStore&) const = default;
};

struct IndexContent {
  std::map<std::string, IndexedStore, std::less<>> stores;    // by id
  std::map<std::string, IndexedServer, std::less<>> servers;  // by spelling

  bool operator==(const IndexContent&) const = default;
};

[[nodiscard]] std::string write_index(const IndexContent& content);

// The text of an index, in which servers are looked up where they stand: of ten thousand, a call
// asks for one or two.
class IndexText {
 public:
  // nullopt if `text` is not a whole index: also where a line of it is none.
  [[nodiscard]] static std::optional<IndexText> parse(std::string text);

  IndexText() = default;  // of an index that names nothing

  [[nodiscard]] std::optional<IndexedServer> find(std::string_view server) const;
  [[nodiscard]] bool is_complete(std::string_view store) const;

  // Those for which `store` is named, either so that it may count, or as stale.
  [[nodiscard]] std::vector<std::string> servers(StoreId store) const;
  [[nodiscard]] std::vector<std::string> stale_servers(StoreId store) const;

  [[nodiscard]] IndexContent content() const;

  // What parse() was given.
  [[nodiscard]] std::string_view bytes() const;

 private:
  bool read_line(std::string_view& rest);
  bool read_server(std::string_view& rest);
  bool read_store(std::string_view& rest);
  [[nodiscard]] std::vector<std::string> servers_where(StoreId store, bool is_stale) const;

  std::unique_ptr<const std::string> text_;  // stays where it is: the views below point into it
  std::map<std::string, IndexedStore, std::less<>> stores_;
  std::vector<std::string_view> servers_;  // lines without their first word, in order
  bool has_stale_ = false;

  // While the text is read.
  bool is_in_order_ = true;
  std::string_view last_spelling_;
  std::string_view last_list_;  // of stores
};

// What both say of the same stores, where either may be out of date: a server is named if it is in
// one of them, and a list is complete if it is in both. `later` decides which store counts.
[[nodiscard]] IndexContent merge(IndexContent earlier, const IndexContent& later);

// The index as the versions before wrote it, servers.json. Names nothing if it cannot be used.
[[nodiscard]] IndexContent read_servers_json(std::string_view text);

}  // namespace cred
