// SPDX-License-Identifier: MIT
#include "platform/keyring/view.h"

#include <algorithm>
#include <utility>

#include "platform/keyring/bus/bus_service.h"
#include "platform/keyring/bus/session_bus.h"

namespace cred {
namespace {

// Those of `server` that may be ours, whatever their schema.
Attributes any_schema(const std::string& server) {
  return with_server({{"docker_cli", "1"}}, server);
}

}  // namespace

// The bus first: without one no library need be loaded.
KeyringService& KeyringView::service() {
  if (out_of_reach_) throw Error(*out_of_reach_);
  if (!service_) {
    service_ = open_bus_keyring(find_session_bus(environment_), reply_);
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
  if (failure.code() == Errc::timed_out || failure.code() == Errc::unavailable) {
    out_of_reach_ = failure;
  }
}

std::vector<FoundItems> KeyringView::search(std::span<const Attributes> wanted) {
  if (service().asks_before_searching()) return std::vector<FoundItems>(wanted.size());
  return service().search(wanted);
}

// Most often one search for each server says all: what the index names is there as ours; of what it
// does not name there is nothing, whatever its schema. Only where that is not so the other search
// tells more. After a restart a locked gnome-keyring shows no schema, so there a hit without it
// counts until it is unlocked.
std::vector<Sighting> KeyringView::see(std::span<const std::string> servers) {
  const auto ours = [](const auto& server) { return with_server(our_attributes(), server); };
  std::vector<Attributes> wanted;
  for (const auto& server : servers) {
    wanted.push_back(is_known(server) ? ours(server) : any_schema(server));
  }
  auto found = search(wanted);

  std::vector<std::size_t> doubtful;
  wanted.clear();
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const bool is_nothing = found[i].unlocked.empty() && found[i].locked.empty();
    if (is_known(servers[i]) != is_nothing) continue;
    doubtful.push_back(i);
    wanted.push_back(is_nothing ? any_schema(servers[i]) : ours(servers[i]));
  }
  std::vector<FoundItems> more;
  if (!wanted.empty()) more = search(wanted);

  std::vector<Sighting> sightings(servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) sightings[i].items = std::move(found[i]);
  for (std::size_t j = 0; j < doubtful.size(); ++j) {
    Sighting& sighting = sightings[doubtful[j]];
    FoundItems& others = more[j];
    if (!is_known(servers[doubtful[j]])) std::swap(sighting.items, others);
    if (!sighting.is_nothing()) continue;
    sighting.items.locked = std::move(others.locked);
    sighting.may_be_ours = !others.unlocked.empty();
  }
  return sightings;
}

bool KeyringView::is_gone(const std::string& server) {
  const FoundItems any = search({{any_schema(server)}}).front();
  if (any.unlocked.empty() && any.locked.empty()) return true;
  return see({&server, 1}).front().is_nothing();
}

Sighting KeyringView::look_for(const std::string& server) {
  return std::move(look_for({&server, 1}).front());
}

std::vector<Sighting> KeyringView::look_for(std::span<const std::string> servers) {
  auto sightings = see(servers);
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (sightings[i].is_nothing()) look_behind(servers[i], sightings[i]);
  }
  return sightings;
}

// Where nothing is to be seen of `server`. KeePassXC shows nothing at all while it is locked: there
// the index speaks.
void KeyringView::look_behind(const std::string& server, Sighting& sighting) {
  const bool known = is_known(server);
  if (known) sighting.hidden = is_default_locked();
  // Another process may have unlocked between these questions what the first one could not see.
  if (sighting.is_nothing() && (known || sighting.may_be_ours)) {
    sighting = std::move(see({&server, 1}).front());
  }
}

std::size_t KeyringView::newest(std::span<const ObjectPath> items) {
  if (items.size() == 1) return 0;
  const auto times = service().modified(items);
  return static_cast<std::size_t>(std::ranges::max_element(times) - times.begin());
}

std::map<std::string, std::string> KeyringView::usernames() {
  FoundItems found = std::move(search({{our_attributes()}}).front());
  std::vector<ObjectPath>& items = found.unlocked;
  items.insert(items.end(), found.locked.begin(), found.locked.end());
  const auto attributes = service().attributes(items);
  std::map<std::string, std::vector<std::size_t>> positions;  // by server
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string server = attributes[i] ? value_of(*attributes[i], "server") : "";
    if (!server.empty()) positions[server].push_back(i);
  }
  std::map<std::string, std::string> listed;
  for (const auto& [server, those] : positions) {
    std::vector<ObjectPath> same;
    for (const std::size_t i : those) same.push_back(items[i]);
    listed[server] = value_of(*attributes[those[newest(same)]], "username");
  }
  return listed;
}

// Nobody moves the alias while we run; without one there may soon be.
ObjectPath KeyringView::default_collection() {
  if (default_collection_.empty()) default_collection_ = service().default_collection();
  return default_collection_;
}

bool KeyringView::is_default_locked() {
  const ObjectPath collection = default_collection();
  return !collection.empty() && service().is_locked(collection);
}

}  // namespace cred
