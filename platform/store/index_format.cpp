// SPDX-License-Identifier: MIT
#include "platform/store/index_format.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace cred {
namespace {

constexpr std::string_view kHeader = "docker-credential-keyring index 1";
constexpr std::string_view kStore = "store\t";
constexpr std::string_view kServer = "server\t";
constexpr std::string_view kEnd = "end";
constexpr std::string_view kComplete = "complete";
constexpr std::string_view kPartial = "partial";
constexpr std::string_view kStale = ":stale";
constexpr std::size_t kEscapeSize = 4;  // \xHH

bool is_escaped(unsigned char c) { return c < ' ' || c == 0x7f || c == '\\'; }

void append_escaped(std::string& line, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_escaped(byte)) {
      line.append("\\x") += kDigits[byte >> 4U];
      line += kDigits[byte & 0xfU];
    } else {
      line += c;
    }
  }
}

std::string escaped(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  append_escaped(line, text);
  return line;
}

// The byte that an escape at the beginning of `text` stands for; -1 if there is none, or if the
// byte needs none: a server has one spelling here, or it could not be found by it.
int unescape(std::string_view text) {
  unsigned value = 0;
  if (text.size() < kEscapeSize || text[1] != 'x') return -1;
  const char* const end = text.data() + kEscapeSize;
  const auto [rest, failed] = std::from_chars(text.data() + 2, end, value, 16);
  if (failed != std::errc() || rest != end || !is_escaped(static_cast<unsigned char>(value))) {
    return -1;
  }
  const bool is_small =
      std::none_of(text.data() + 2, end, [](char c) { return c >= 'A' && c <= 'F'; });
  return is_small ? static_cast<int>(value) : -1;
}

// Whether `field` is what append_escaped() makes of some text.
bool is_text(std::string_view field) {
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (!is_escaped(static_cast<unsigned char>(field[i]))) continue;
    if (field[i] != '\\' || unescape(field.substr(i)) < 0) return false;
    i += kEscapeSize - 1;
  }
  return true;
}

std::string text_of(std::string_view field) {
  std::string text;
  text.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '\\') {
      text += static_cast<char>(unescape(field.substr(i)));
      i += kEscapeSize - 1;
    } else {
      text += field[i];
    }
  }
  return text;
}

// Takes what stands before the next `separator`, and the separator, off `line`.
std::string_view take_field(std::string_view& line, char separator = '\t') {
  const auto end = std::min(line.find(separator), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

// Of the list of a server's stores.
struct Mention {
  std::string_view id;
  bool is_stale = false;
};

Mention take_mention(std::string_view& list) {
  const std::string_view word = take_field(list, ',');
  if (!word.ends_with(kStale)) return {word, false};
  return {word.substr(0, word.size() - kStale.size()), true};
}

bool is_list_of_stores(std::string_view list) {
  if (list.empty() || list.back() == ',') return false;
  while (!list.empty()) {
    if (!StoreId::parse(take_mention(list).id)) return false;
  }
  return true;
}

// Whether a server's line, without its first word, is whole.
bool is_server(std::string_view line) {
  if (std::ranges::count(line, '\t') != 2) return false;
  const std::string_view server = take_field(line);
  return is_text(server) && is_list_of_stores(take_field(line)) && is_text(line);
}

std::string_view spelling_of(std::string_view line) { return take_field(line); }

IndexedServer server_of(std::string_view line) {
  IndexedServer server;
  take_field(line);
  for (std::string_view list = take_field(line); !list.empty();) {
    const Mention mention = take_mention(list);
    (mention.is_stale ? server.stale : server.stores).emplace_back(mention.id);
  }
  server.file = text_of(line);
  return server;
}

void append_server(std::string& text, const std::string& spelling, const IndexedServer& server) {
  text += kServer;
  append_escaped(text, spelling);
  char separator = '\t';
  for (const StoreId store : server.stores) {
    (text += separator).append(store.text());
    separator = ',';
  }
  for (const StoreId store : server.stale) {
    (text += separator).append(store.text()).append(kStale);
    separator = ',';
  }
  text += '\t';
  append_escaped(text, server.file);
  text += '\n';
}

}  // namespace

std::string write_index(const IndexContent& content) {
  std::string text = std::string(kHeader) + '\n';
  for (const auto& [id, store] : content.stores) {
    text += kStore;
    append_escaped(text, id);
    (text += '\t').append(store.is_complete ? kComplete : kPartial) += '\t';
    append_escaped(text, store.state);
    text += '\n';
  }
  for (const auto& [spelling, server] : content.servers) append_server(text, spelling, server);
  return text.append(kEnd) + '\n';
}

std::optional<IndexText> IndexText::parse(std::string text) {
  IndexText index;
  index.text_ = std::make_unique<const std::string>(std::move(text));
  std::string_view rest = *index.text_;
  if (take_field(rest, '\n') != kHeader) return std::nullopt;
  std::string_view line;
  while (!rest.empty()) {
    line = take_field(rest, '\n');
    if (line != kEnd && !index.read_line(line)) return std::nullopt;
    if (line == kEnd) break;
  }
  if (line != kEnd || !rest.empty() || index.text_->back() != '\n') return std::nullopt;
  // Before a tab, which ends the spelling, nothing can stand that is less: lines are in the order
  // of their spellings.
  if (!std::ranges::is_sorted(index.servers_)) std::ranges::sort(index.servers_);
  const bool is_twice =
      std::ranges::adjacent_find(index.servers_, {}, spelling_of) != index.servers_.end();
  if (is_twice) return std::nullopt;
  return index;
}

bool IndexText::read_line(std::string_view line) {
  if (line.starts_with(kServer)) {
    line.remove_prefix(kServer.size());
    servers_.push_back(line);
    return is_server(line);
  }
  if (!line.starts_with(kStore)) return true;
  line.remove_prefix(kStore.size());
  const std::string_view id = take_field(line);
  const std::string_view extent = take_field(line);
  if (!is_text(id) || !is_text(line) || (extent != kComplete && extent != kPartial)) return false;
  return stores_.try_emplace(text_of(id), IndexedStore{extent == kComplete, text_of(line)}).second;
}

std::optional<IndexedServer> IndexText::find(std::string_view server) const {
  const std::string spelling = escaped(server);
  const auto found = std::ranges::lower_bound(servers_, spelling, {}, spelling_of);
  if (found == servers_.end() || spelling_of(*found) != spelling) return std::nullopt;
  return server_of(*found);
}

bool IndexText::is_complete(std::string_view store) const {
  const auto found = stores_.find(store);
  return found != stores_.end() && found->second.is_complete;
}

std::vector<std::string> IndexText::servers(StoreId store) const {
  return servers_where(store, false);
}

std::vector<std::string> IndexText::stale_servers(StoreId store) const {
  return servers_where(store, true);
}

std::vector<std::string> IndexText::servers_where(StoreId store, bool is_stale) const {
  std::vector<std::string> result;
  for (std::string_view line : servers_) {
    const std::string_view spelling = take_field(line);
    for (std::string_view list = take_field(line); !list.empty();) {
      const Mention mention = take_mention(list);
      if (mention.is_stale != is_stale || mention.id != store.text()) continue;
      result.push_back(text_of(spelling));
      break;
    }
  }
  return result;
}

IndexContent IndexText::content() const {
  IndexContent content{.stores = stores_, .servers = {}};
  for (const auto line : servers_) {
    content.servers.insert_or_assign(content.servers.end(), text_of(spelling_of(line)),
                                     server_of(line));
  }
  return content;
}

std::string_view IndexText::bytes() const {
  return text_ != nullptr ? std::string_view(*text_) : std::string_view();
}

IndexContent merge(IndexContent earlier, const IndexContent& later) {
  for (auto& [id, store] : earlier.stores) {
    const auto found = later.stores.find(id);
    store.is_complete =
        store.is_complete && found != later.stores.end() && found->second.is_complete;
  }
  for (const auto& [spelling, server] : later.servers) {
    auto& merged = earlier.servers[spelling];
    std::vector<StoreId> stores = server.stores;
    for (const StoreId store : merged.stores) {
      if (std::ranges::find(stores, store) == stores.end()) stores.push_back(store);
    }
    std::ranges::copy(server.stale, std::back_inserter(merged.stale));
    std::erase_if(merged.stale,
                  [&](StoreId store) { return std::ranges::find(stores, store) != stores.end(); });
    std::ranges::sort(merged.stale);
    // Not that of std::ranges: clang++ 14 does not know what it returns.
    merged.stale.erase(std::unique(merged.stale.begin(), merged.stale.end()), merged.stale.end());
    merged.stores = std::move(stores);
  }
  return earlier;
}

}  // namespace cred
