// SPDX-License-Identifier: MIT
#include "platform/store/backend.h"

#include <algorithm>

namespace cred {

Backend& backend_for_new(std::optional<StoreId> setting, const Backends& backends) {
  std::vector<Backend*> candidates;
  for (const auto& backend : backends) {
    if (setting == backend->id()) return *backend;
    if (backend->roles().takes_new) candidates.push_back(backend.get());
  }
  // The last that is there needs no question: there is nothing left to choose.
  if (!candidates.front()->obstacle()) return *candidates.front();
  std::erase_if(candidates, [&](Backend* backend) {
    return backend != candidates.front() && !backend->is_there();
  });
  for (std::size_t i = 1; i + 1 < candidates.size(); ++i) {
    if (!candidates[i]->obstacle()) return *candidates[i];
  }
  return *candidates.back();
}

Error error_of(const Backend& backend, const Error& failure, bool is_named) {
  return {failure.code(), "the " + std::string(backend.name()) +
                              (is_named ? " has this login: " : " may have this login: ") +
                              failure.what()};
}

std::vector<ListedCredential> named_in(const ServerIndex& index, StoreId store, Reach reach) {
  std::vector<ListedCredential> named;
  for (const auto& server : index.servers(store)) {
    named.push_back({server, "", store, std::nullopt, reach});
  }
  return named;
}

bool has_alternatives(const Backends& backends) {
  return std::any_of(backends.begin() + 1, backends.end(),
                     [](const auto& backend) { return backend->is_there(); });
}

bool has_another_to_put_in(const Backends& backends) {
  return std::any_of(backends.begin() + 1, backends.end(), [](const auto& backend) {
    return backend->roles().takes_new && backend->is_there();
  });
}

std::vector<Backend*> asking_order(const Backends& backends, std::optional<StoreId> holder) {
  std::vector<Backend*> order;
  for (const auto& backend : backends) order.push_back(backend.get());
  const auto rank = [&](const Backend* backend) {
    if (backend->id() == holder) return 0;
    return backend->roles().is_asked_early ? 1 : 2;
  };
  std::ranges::stable_sort(order, {}, rank);
  return order;
}

Backend& newest_backend(const Backends& backends, Backend& holder, std::string_view server,
                        const std::function<bool(const Backend&)>& counts) {
  if (!counts(holder)) return holder;
  std::optional<std::uint64_t> latest;
  Backend* newest = &holder;
  for (const auto& other : backends) {
    if (other.get() == &holder || !counts(*other)) continue;
    if (!other->is_there() || !other->is_unlocked()) continue;
    if (!latest) latest = holder.stored_at(server);  // which costs a question
    const auto date = other->stored_at(server);
    if (!date || !latest || *date <= *latest) continue;
    newest = other.get();
    latest = date;
  }
  return *newest;
}

}  // namespace cred
