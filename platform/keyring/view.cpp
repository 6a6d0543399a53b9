// SPDX-License-Identifier: MIT
#include "platform/keyring/view.h"

#include <algorithm>

#include "platform/keyring/bus/bus_error.h"

namespace cred {
namespace {

// For all questions together: of the two seconds that a choice may take, the vault and the program
// itself need a part.
constexpr std::chrono::milliseconds kDecisionLimit(1500);

// The attributes of items of `server` that may be ours, whatever their schema.
Attributes any_schema(const std::string& server) {
  return with_server({{"docker_cli", "1"}}, server);
}

}  // namespace

KeyringService& KeyringView::service() {
  if (out_of_reach_) throw Error(*out_of_reach_);
  if (!service_) {
    service_ = open_(reply_);
    if (expects_secret_) service_->expect_secret();
  }
  return *service_;
}

void KeyringView::limit_replies(std::chrono::milliseconds limit) {
  reply_ = limit;
  if (service_) service_->limit_replies(limit);
}

void KeyringView::expect_secret() {
  expects_secret_ = true;
  if (service_) service_->expect_secret();
}

void KeyringView::give_up(const Error& failure) {
  if (is_unanswered(failure.code())) out_of_reach_ = failure;
}

std::vector<FoundItems> KeyringView::search_items(std::span<const Attributes> wanted) {
  if (service().asks_before_searching()) return std::vector<FoundItems>(wanted.size());
  return service().search(wanted);
}

// Mostly one search for each server is enough: a server that the index names has an item of ours;
// one that it does not name has no item, whatever its schema. Only where that is not so, the other
// search is needed as well. After a restart a locked gnome-keyring shows no schema, so an item
// without one counts there until the keyring is unlocked.
std::vector<Match> KeyringView::search(std::span<const std::string> servers) {
  const auto ours = [](const auto& server) { return with_server(our_attributes(), server); };
  std::vector<Attributes> wanted;
  for (const auto& server : servers) {
    wanted.push_back(is_known(server) ? ours(server) : any_schema(server));
  }
  auto found = search_items(wanted);

  std::vector<std::size_t> doubtful;
  wanted.clear();
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const bool is_empty = found[i].unlocked.empty() && found[i].locked.empty();
    if (is_known(servers[i]) != is_empty) continue;
    doubtful.push_back(i);
    wanted.push_back(is_empty ? any_schema(servers[i]) : ours(servers[i]));
  }
  std::vector<FoundItems> more;
  if (!wanted.empty()) more = search_items(wanted);

  std::vector<Match> matches(servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) matches[i].items = std::move(found[i]);
  for (std::size_t j = 0; j < doubtful.size(); ++j) {
    Match& match = matches[doubtful[j]];
    FoundItems& others = more[j];
    if (!is_known(servers[doubtful[j]])) std::swap(match.items, others);
    if (!match.is_empty()) continue;
    match.items.locked = std::move(others.locked);
    match.maybe_ours = !others.unlocked.empty();
  }
  return matches;
}

bool KeyringView::is_gone(const std::string& server) {
  const FoundItems any = search_items({{any_schema(server)}}).front();
  if (any.unlocked.empty() && any.locked.empty()) return true;
  return search({&server, 1}).front().is_empty();
}

Match KeyringView::match(const std::string& server) {
  return std::move(match({&server, 1}).front());
}

std::vector<Match> KeyringView::match(std::span<const std::string> servers) {
  auto matches = search(servers);
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (matches[i].is_empty()) match_locked(servers[i], matches[i]);
  }
  return matches;
}

// Where the keyring shows nothing of `server`. A locked KeePassXC shows nothing at all, so there
// the index decides.
void KeyringView::match_locked(const std::string& server, Match& match) {
  const bool known = is_known(server);
  if (known) match.maybe_locked = is_default_locked();
  // Another process may have unlocked since the first question what that could not find.
  if (match.is_empty() && (known || match.maybe_ours)) {
    match = std::move(search({&server, 1}).front());
  }
}

std::size_t KeyringView::newest(std::span<const ObjectPath> items) {
  if (items.size() == 1) return 0;
  const auto times = service().modified(items);
  return static_cast<std::size_t>(std::ranges::max_element(times) - times.begin());
}

std::optional<std::uint64_t> KeyringView::stored_at(const std::string& server) {
  const Match found = match(server);
  if (found.is_empty() || found.needs_unlock()) return std::nullopt;
  const auto latest = std::ranges::max(service().modified(found.items.unlocked));
  return latest == 0 ? std::nullopt : std::optional(latest);
}

std::map<std::string, KeyringView::Shown> KeyringView::shown() {
  std::vector<ObjectPath> items;
  std::vector<std::optional<Attributes>> attributes;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto [unlocked, locked] = std::move(search_items({{our_attributes()}}).front());
    items = std::move(unlocked);
    items.insert(items.end(), locked.begin(), locked.end());
    attributes = service().attributes(items);
    if (std::ranges::all_of(attributes, [](const auto& found) { return found.has_value(); })) break;
  }
  std::map<std::string, std::vector<std::size_t>> positions;  // by server
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string server = attributes[i] ? value_of(*attributes[i], "server") : "";
    if (!server.empty()) positions[server].push_back(i);
  }
  std::map<std::string, Shown> shown;
  for (const auto& [server, those] : positions) {
    std::vector<ObjectPath> same;
    for (const std::size_t i : those) same.push_back(items[i]);
    const std::size_t newest_one = those[newest(same)];
    shown[server] = {value_of(*attributes[newest_one], "username"), items[newest_one]};
  }
  return shown;
}

// Nobody moves the alias while we run; but where it is missing it may be made.
ObjectPath KeyringView::default_collection() {
  if (default_collection_.empty()) default_collection_ = service().default_collection();
  return default_collection_;
}

bool KeyringView::is_default_locked() {
  const ObjectPath collection = default_collection();
  return !collection.empty() && service().is_locked(collection);
}

Readiness find_readiness(KeyringView& view, const Limits& limits) {
  const auto end = std::chrono::steady_clock::now() + std::min(kDecisionLimit, limits.reply);
  // Each question gets the time that those before it left.
  const auto hurried_view = [&]() -> KeyringView& {
    view.limit_replies(left_until(end));
    return view;
  };
  Readiness found;
  try {
    found.has_collection = !hurried_view().default_collection().empty();
    found.is_unlocked = found.has_collection && !hurried_view().is_default_locked();
    found.answers = true;
    if (!found.is_unlocked && !limits.may_ask) {
      found.obstacle = Refusal{found.has_collection ? kCannotUnlock : kCannotCreate};
    }
  } catch (const Error& failure) {
    found.answers = !is_unanswered(failure.code());
    found.obstacle = Refusal{failure.what()};
  }
  view.limit_replies(limits.reply);
  return found;
}

}  // namespace cred
