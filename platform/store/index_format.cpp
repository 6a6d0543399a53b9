// SPDX-License-Identifier: MIT
#include "platform/store/index_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "platform/text/strings.h"

namespace cred {
namespace {

constexpr std::string_view kHeader = "docker-credential-keyring index 1\n";
constexpr std::string_view kStore = "store\t";
constexpr std::string_view kServer = "server\t";
constexpr std::string_view kEnd = "end\n";
constexpr std::string_view kComplete = "complete";
constexpr std::string_view kPartial = "partial";
constexpr std::string_view kStale = ":stale";
constexpr std::size_t kEscapeSize = 4;  // \xHH

constexpr auto kIsEscaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < ' '; ++c) table.at(c) = true;
  table['\x7f'] = table['\\'] = true;
  return table;
}();

bool is_escaped(char c) { return kIsEscaped[static_cast<unsigned char>(c)]; }

void append_escaped(std::string& line, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_escaped(c)) {
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
  if (failed != std::errc() || rest != end || !is_escaped(static_cast<char>(value))) {
    return -1;
  }
  const bool is_small =
      std::none_of(text.data() + 2, end, [](char c) { return c >= 'A' && c <= 'F'; });
  return is_small ? static_cast<int>(value) : -1;
}

// Takes off `rest` what append_escaped() makes of some text: up to the first byte that is none of
// it.
std::string_view take_text(std::string_view& rest) {
  std::size_t size = 0;
  for (; size < rest.size(); ++size) {
    if (!is_escaped(rest[size])) continue;
    if (rest[size] != '\\' || unescape(rest.substr(size)) < 0) break;
    size += kEscapeSize - 1;
  }
  const std::string_view text = rest.substr(0, size);
  rest.remove_prefix(size);
  return text;
}

bool take(std::string_view& rest, std::string_view expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(expected.size());
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
  if (list.empty() || list.ends_with(',')) return false;
  while (!list.empty()) {
    if (!StoreId::parse(take_mention(list).id)) return false;
  }
  return true;
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
  std::string text(kHeader);
  for (const auto& [id, store] : content.stores) {
    text += kStore;
    append_escaped(text, id);
    (text += '\t').append(store.is_complete ? kComplete : kPartial) += '\t';
    append_escaped(text, store.state);
    text += '\n';
  }
  for (const auto& [spelling, server] : content.servers) append_server(text, spelling, server);
  return text.append(kEnd);
}

std::optional<IndexText> IndexText::parse(std::string text) {
  IndexText index;
  index.text_ = std::make_unique<const std::string>(std::move(text));
  std::string_view rest = *index.text_;
  if (!take(rest, kHeader)) return std::nullopt;
  while (rest != kEnd) {
    if (!index.read_line(rest)) return std::nullopt;
  }
  if (index.is_in_order_) return index;
  std::ranges::sort(index.servers_, {}, spelling_of);
  const auto twice = std::ranges::adjacent_find(index.servers_, {}, spelling_of);
  return twice == index.servers_.end() ? std::optional(std::move(index)) : std::nullopt;
}

// Takes a line off `rest`, and its end.
bool IndexText::read_line(std::string_view& rest) {
  if (take(rest, kServer)) return read_server(rest);
  if (take(rest, kStore)) return read_store(rest);
  const auto end = rest.find('\n');
  if (end == std::string_view::npos || take(rest, kEnd)) return false;
  rest.remove_prefix(end + 1);
  return true;
}

bool IndexText::read_server(std::string_view& rest) {
  const std::string_view spelling = take_text(rest);
  is_in_order_ = is_in_order_ && (servers_.empty() || last_spelling_ < spelling);
  last_spelling_ = spelling;
  if (!take(rest, "\t")) return false;
  const std::string_view list = take_text(rest);
  const bool is_as_before = !last_list_.empty() && list == last_list_;  // as most are
  if (!is_as_before && !is_list_of_stores(list)) return false;
  last_list_ = list;
  has_stale_ = has_stale_ || list.find(':') != std::string_view::npos;
  if (!take(rest, "\t")) return false;
  take_text(rest);
  servers_.emplace_back(spelling.data(), rest.data());
  return take(rest, "\n");
}

bool IndexText::read_store(std::string_view& rest) {
  const std::string_view id = take_text(rest);
  if (!take(rest, "\t")) return false;
  const bool is_complete = take(rest, kComplete);
  if (!is_complete && !take(rest, kPartial)) return false;
  if (!take(rest, "\t")) return false;
  const std::string_view state = take_text(rest);
  return take(rest, "\n") &&
         stores_.try_emplace(text_of(id), IndexedStore{is_complete, text_of(state)}).second;
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
  if (is_stale && !has_stale_) return result;
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
  if (text_ == nullptr) return {};
  return *text_;
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
      if (!contains(stores, store)) stores.push_back(store);
    }
    std::ranges::copy(server.stale, std::back_inserter(merged.stale));
    std::erase_if(merged.stale, [&](StoreId store) { return contains(stores, store); });
    std::ranges::sort(merged.stale);
    // Not that of std::ranges: clang++ 14 does not know what it returns.
    merged.stale.erase(std::unique(merged.stale.begin(), merged.stale.end()), merged.stale.end());
    merged.stores = std::move(stores);
  }
  return earlier;
}

}  // namespace cred
