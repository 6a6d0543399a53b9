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

Backend& newest_backend(const Backends& backends, Backend& holder, std::string_view server,
                        const std::function<bool(const Backend&)>& counts) {
  Backend* newest = &holder;
  std::optional<std::uint64_t> latest;
  for (const auto& other : backends) {
    if (other.get() == &holder || !counts(*other) || !counts(holder)) continue;
    if (!other->is_there() || !other->is_unlocked()) continue;
    const auto date = other->stored_at(server);
    if (!latest) latest = holder.stored_at(server);
    if (!date || !latest || *date <= *latest) continue;
    newest = other.get();
    latest = date;
  }
  return *newest;
}

}  // namespace cred
