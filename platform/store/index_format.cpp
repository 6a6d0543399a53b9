// SPDX-License-Identifier: MIT
#include "platform/store/index_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "platform/text/strings.h"
#include "platform/text/utf8.h"

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
constexpr std::string_view kDigits = "0123456789abcdef";

constexpr auto kIsEscaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < ' '; ++c) table.at(c) = true;
  table['\x7f'] = table['\\'] = true;
  return table;
}();

bool is_escaped(char c) { return kIsEscaped[static_cast<unsigned char>(c)]; }

std::string escaped(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_escaped(c)) {
      line.append("\\x") += kDigits[byte >> 4U];
      line += kDigits[byte & 0xfU];
    } else {
      line += c;
    }
  }
  return line;
}

// The byte that an escape at the beginning of `text` stands for; -1 if there is none, or if the
// byte needs none: a server has one spelling here, or it could not be found by it.
int unescape(std::string_view text) {
  if (text.size() < kEscapeSize || text[1] != 'x') return -1;
  const auto high = kDigits.find(text[2]);
  const auto low = kDigits.find(text[3]);
  if (high == std::string_view::npos || low == std::string_view::npos) return -1;
  const auto byte = static_cast<int>(high * kDigits.size() + low);
  return is_escaped(static_cast<char>(byte)) ? byte : -1;
}

// Takes off `rest` what escaped() makes of some text: up to the first byte that is none of it.
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

// The line of a server behind its first word, and what was read of it.
struct ServerLine {
  std::string_view text;
  std::string_view spelling;
  std::string_view stores;
};

// Takes a line off `rest`, and its end. `line` is the one before: most have the same stores, which
// need no second look then.
bool take_server(std::string_view& rest, ServerLine& line) {
  const char* const begin = rest.data();
  line.spelling = take_text(rest);
  if (!take(rest, "\t")) return false;
  const std::string_view stores = take_text(rest);
  const bool is_as_before = !line.stores.empty() && stores == line.stores;
  if (!is_as_before && !is_list_of_stores(stores)) return false;
  line.stores = stores;
  if (!take(rest, "\t")) return false;
  take_text(rest);
  line.text = {begin, rest.data()};
  return take(rest, "\n");
}

// Takes "complete", with a generation where there is one, or "partial".
bool take_completeness(std::string_view& rest, std::optional<std::uint64_t>& complete) {
  if (take(rest, kPartial)) return true;
  if (!take(rest, kComplete)) return false;
  std::uint64_t generation = 0;
  if (take(rest, ":")) {
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), generation);
    if (failed != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  }
  complete = generation;
  return true;
}

bool take_store(std::string_view& rest, std::map<std::string, IndexedStore, std::less<>>& stores) {
  const std::string_view id = take_text(rest);
  std::optional<std::uint64_t> complete;
  if (!take(rest, "\t") || !take_completeness(rest, complete) || !take(rest, "\t")) return false;
  const std::string_view state = take_text(rest);
  return take(rest, "\n") &&
         stores.try_emplace(text_of(id), IndexedStore{complete, text_of(state)}).second;
}

bool take_unknown(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos || rest.starts_with(kEnd)) return false;
  rest.remove_prefix(end + 1);
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

std::string line_of(std::string_view spelling, const IndexedServer& server) {
  std::string line(spelling);
  char separator = '\t';
  for (const StoreId store : server.stores) {
    (line += std::exchange(separator, ',')).append(store.text());
  }
  for (const StoreId store : server.stale) {
    (line += std::exchange(separator, ',')).append(store.text()).append(kStale);
  }
  return (line += '\t') + escaped(server.file);
}

void add(std::vector<StoreId>& stores, const std::vector<StoreId>& others) {
  std::ranges::copy_if(others, std::back_inserter(stores),
                       [&](StoreId store) { return !contains(stores, store); });
}

}  // namespace

bool IndexedServer::names(StoreId store) const { return contains(stores, store); }

bool IndexedServer::is_stale(StoreId store) const { return contains(stale, store); }

std::optional<Index> Index::parse(std::string text) {
  Index index;
  index.texts_.push_back(std::make_unique<const std::string>(std::move(text)));
  std::string_view rest = *index.texts_.back();
  if (!take(rest, kHeader)) return std::nullopt;
  bool is_in_order = true;
  ServerLine line;
  while (rest != kEnd) {
    if (take(rest, kServer)) {
      const std::string_view before = line.spelling;
      if (!take_server(rest, line)) return std::nullopt;
      is_in_order = is_in_order && (index.servers_.empty() || before < line.spelling);
      index.has_stale_ = index.has_stale_ || line.stores.find(':') != std::string_view::npos;
      index.servers_.push_back(line.text);
    } else if (!(take(rest, kStore) ? take_store(rest, index.stores_) : take_unknown(rest))) {
      return std::nullopt;
    }
  }
  if (is_in_order) return index;
  std::ranges::sort(index.servers_, {}, spelling_of);
  const auto twice = std::ranges::adjacent_find(index.servers_, {}, spelling_of);
  return twice == index.servers_.end() ? std::optional(std::move(index)) : std::nullopt;
}

IndexedServer Index::find(std::string_view server) const {
  const std::string spelling = escaped(server);
  const auto found = std::ranges::lower_bound(servers_, spelling, {}, spelling_of);
  if (found == servers_.end() || spelling_of(*found) != spelling) return {};
  return server_of(*found);
}

void Index::set(std::string_view server, const IndexedServer& named) {
  const std::string spelling = escaped(server);
  const auto place = std::ranges::lower_bound(servers_, spelling, {}, spelling_of);
  const bool is_there = place != servers_.end() && spelling_of(*place) == spelling;
  if (named.stores.empty() && named.stale.empty()) {
    if (!is_there) return;
    servers_.erase(place);
  } else {
    std::string line = line_of(spelling, named);
    if (is_there && *place == line) return;
    texts_.push_back(std::make_unique<const std::string>(std::move(line)));
    if (is_there) *place = *texts_.back();
    if (!is_there) servers_.insert(place, *texts_.back());
    has_stale_ = has_stale_ || !named.stale.empty();
  }
  is_changed_ = true;
}

std::optional<std::uint64_t> Index::complete(std::string_view store) const {
  const auto found = stores_.find(store);
  return found == stores_.end() ? std::nullopt : found->second.complete;
}

void Index::set_complete(std::string_view store, std::uint64_t generation) {
  is_changed_ = is_changed_ || complete(store) != generation;
  stores_[std::string(store)].complete = generation;
}

bool Index::is_complete_at(std::string_view state) const {
  return std::ranges::any_of(stores_, [&](const auto& store) {
    return store.second.state == state && store.second.complete.has_value();
  });
}

std::string Index::state(std::string_view store) const {
  const auto found = stores_.find(store);
  return found == stores_.end() ? "" : found->second.state;
}

void Index::set_state(std::string_view store, std::string_view state) {
  if (this->state(store) == state) return;
  stores_[std::string(store)].state = state;
  is_changed_ = true;
}

std::vector<std::string> Index::states(std::string_view beginning) const {
  std::vector<std::string> states;
  for (const auto& [id, store] : stores_) {
    if (id.starts_with(beginning) && !store.state.empty()) states.push_back(store.state);
  }
  return states;
}

std::vector<std::string> Index::servers(StoreId store) const { return servers_where(store, false); }

std::vector<std::string> Index::stale_servers(StoreId store) const {
  return servers_where(store, true);
}

std::vector<std::string> Index::servers_where(StoreId store, bool is_stale) const {
  std::vector<std::string> result;
  if (is_stale && !has_stale_) return result;
  for (std::string_view line : servers_) {
    const std::string_view spelling = take_field(line);
    for (std::string_view list = take_field(line); !list.empty();) {
      const Mention mention = take_mention(list);
      if (mention.is_stale != is_stale || mention.id != store.text()) continue;
      if (std::string server = text_of(spelling); is_utf8(server))
        result.push_back(std::move(server));
      break;
    }
  }
  return result;
}

std::map<std::string, std::string> Index::files() const {
  std::map<std::string, std::string> files;
  for (const std::string_view line : servers_) {
    if (line.ends_with('\t')) continue;  // most have none
    IndexedServer named = server_of(line);
    std::string server = text_of(spelling_of(line));
    if (!named.stores.empty() && is_utf8(server)) {
      files.emplace(std::move(server), std::move(named.file));
    }
  }
  return files;
}

void Index::merge(const Index& later) {
  for (auto& [id, store] : stores_) {
    if (!later.complete(id)) store.complete.reset();
  }
  for (const std::string_view line : later.servers_) {
    const std::string spelling = text_of(spelling_of(line));
    IndexedServer merged = server_of(line);
    const IndexedServer earlier = find(spelling);
    add(merged.stores, earlier.stores);
    add(merged.stale, earlier.stale);
    std::erase_if(merged.stale, [&](StoreId store) { return merged.names(store); });
    merged.file = earlier.file;
    set(spelling, merged);
  }
  is_changed_ = true;
}

std::string Index::text() const {
  std::string text(kHeader);
  for (const auto& [id, store] : stores_) {
    text.append(kStore).append(escaped(id)) += '\t';
    text.append(store.complete ? kComplete : kPartial);
    if (store.complete.value_or(0) != 0) text.append(":").append(std::to_string(*store.complete));
    text += '\t';
    text.append(escaped(store.state)) += '\n';
  }
  for (const std::string_view line : servers_) text.append(kServer).append(line) += '\n';
  return text.append(kEnd);
}

}  // namespace cred
