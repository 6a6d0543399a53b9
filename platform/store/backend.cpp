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

}  // namespace cred
