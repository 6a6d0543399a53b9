// SPDX-License-Identifier: MIT
#include "helper/migrate/planned_store.h"

#include <algorithm>
#include <utility>

#include "helper/servers/server_address.h"

namespace cred {
namespace {

// Spellings with the same one may answer for each other; an odd one stands for itself.
std::string registry_of(const std::string& server) { return image_prefix(server).value_or(server); }

}  // namespace

const std::optional<Credential>& PlannedStore::stored(const std::string& server) {
  const auto known = stored_.find(server);
  return known != stored_.end() ? known->second
                                : stored_.emplace(server, store_.get(server)).first->second;
}

std::set<std::string>& PlannedStore::spellings_of(const std::string& registry) {
  if (!spellings_) {
    spellings_.emplace();
    for (auto& server : store_.known_servers()) {
      (*spellings_)[registry_of(server)].insert(std::move(server));
    }
  }
  return (*spellings_)[registry];
}

bool PlannedStore::knows(const std::string& server) {
  return !spellings_of(registry_of(server)).empty();
}

const Credential* PlannedStore::answer(const std::string& host) {
  const auto under = [&](const std::string& server) -> const Credential* {
    const auto planned = positions_.find(server);
    if (planned != positions_.end()) return &planned_[planned->second].wanted;
    const auto& credential = stored(server);
    return credential ? &*credential : nullptr;
  };
  if (const auto* exact = under(host)) return exact;
  const auto& known = spellings_of(registry_of(host));
  const std::vector<std::string> servers(known.begin(), known.end());
  for (const auto& other : answering_servers(host, servers, false)) {
    if (const auto* found = under(other)) return found;
  }
  return nullptr;
}

void PlannedStore::keep_answer(const std::string& host) {
  to_keep_[registry_of(host)].insert(host);
}

void PlannedStore::read_answers(const std::string& registry) {
  const auto hosts = to_keep_.extract(registry);
  if (!hosts) return;
  for (const auto& host : hosts.mapped()) {
    const auto* credential = answer(host);
    if (credential == nullptr) continue;
    kept_.emplace(registry,
                  KeptAnswer{host, copy(*credential), positions_.contains(credential->server)});
  }
}

void PlannedStore::add(const Credential& credential) {
  const auto& before = stored(credential.server);
  positions_.emplace(credential.server, planned_.size());
  planned_.push_back({copy(credential), before ? std::optional(copy(*before)) : std::nullopt});
  spellings_of(registry_of(credential.server)).insert(credential.server);
}

void PlannedStore::take_back(const Mark& mark) {
  for (; replaced_.size() > mark.replaced; replaced_.pop_back()) {
    auto& [position, wanted] = replaced_.back();
    planned_[position].wanted = std::move(wanted);
  }
  for (; planned_.size() > mark.planned; planned_.pop_back()) {
    const std::string& server = planned_.back().wanted.server;
    positions_.erase(server);
    if (!stored(server)) spellings_of(registry_of(server)).erase(server);
  }
}

std::optional<Refusal> PlannedStore::claim(const Credential& credential) {
  read_answers(registry_of(credential.server));
  if (const auto planned = positions_.find(credential.server); planned != positions_.end()) {
    return claim_again(planned->second, credential);
  }
  if (auto refusal = claim_from_store(credential)) return refusal;
  const Mark before_it = mark();
  add(credential);
  auto refusal = keep_answers(credential.server);
  if (refusal) take_back(before_it);
  return refusal;
}

// What the store holds under a spelling that a store would replace counts as well.
std::optional<Refusal> PlannedStore::claim_from_store(const Credential& credential) {
  const std::string& server = credential.server;
  const auto is_another = [&](const std::string& other) {
    const auto& before = stored(other);
    return before && !same_credential(*before, credential) && !may_replace(*before);
  };
  if (is_another(server)) return held_by(*stored(server));
  for (const auto& other : spellings_of(registry_of(server))) {
    if (positions_.contains(other) || !is_replaced_by(other, server)) continue;
    if (is_another(other)) return held_by(*stored(other));
  }
  return std::nullopt;
}

std::optional<Refusal> PlannedStore::claim_again(std::size_t position,
                                                 const Credential& credential) {
  Credential& wanted = planned_[position].wanted;
  if (same_credential(wanted, credential)) return std::nullopt;
  if (position < taken_over_) {
    return Refusal{helper_ + " has another login for it; take one of the two out"};
  }
  if (!replace_) {
    return Refusal{"another file has another login for it; --replace lets the last one win"};
  }
  replaced_.emplace_back(position, std::exchange(wanted, copy(credential)));
  return std::nullopt;
}

// After `server` was added.
std::optional<Refusal> PlannedStore::keep_answers(const std::string& server) {
  if (replace_) return std::nullopt;
  const auto [first, last] = kept_.equal_range(registry_of(server));
  for (auto kept = first; kept != last; ++kept) {
    const auto& [host, credential, may_be_stored] = kept->second;
    const auto* now = answer(host);
    const bool stays = now != nullptr && same_credential(*now, credential);
    // What the store has for the host counts as another login for all of its spellings.
    const bool is_other = !may_be_stored && asked_as(server) == host &&
                          !same_credential(planned_[positions_[server]].wanted, credential);
    if (stays && !is_other) continue;
    if (!may_be_stored || host == server) return held_by(credential);
    add({host, credential.username, credential.secret.copy()});
    if (auto refusal = keep_answers(host)) return refusal;
  }
  return std::nullopt;
}

Refusal PlannedStore::held_by(const Credential& other) {
  if (positions_.contains(other.server) && !stored(other.server)) {
    return Refusal{"another file has another login for it; --replace lets the last one win"};
  }
  return Refusal{"the " + std::string(store_.id_for(other.server).name()) +
                 " holds another login for it, of " + other.username +
                 "; --replace lets this one win"};
}

bool PlannedStore::may_replace(const Credential& stored) const {
  return replace_ || std::ranges::any_of(own_, [&](const PlannedCredential& own) {
           return own.wanted.server == stored.server && same_credential(own.wanted, stored);
         });
}

void PlannedStore::end_of_helper(std::string name) {
  helper_ = std::move(name);
  taken_over_ = planned_.size();
}

}  // namespace cred
