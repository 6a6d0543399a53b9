// SPDX-License-Identifier: MIT
// Several backends behind the face of one Store. Private to this folder.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "platform/store/backend.h"
#include "platform/store/server_index.h"
#include "platform/text/notes.h"

namespace cred {

// In the order of kStores, one at least. The first is the one that counts where no other is
// there: it is tried, and says itself what is wrong with it.
using Backends = std::vector<std::unique_ptr<Backend>>;

// By the rules of open_store.h. `setting` names the only one of `backends` that counts; nullopt:
// all do.
[[nodiscard]] std::unique_ptr<Store> choose_store(std::optional<StoreId> setting, Backends backends,
                                                  std::shared_ptr<ServerIndex> index,
                                                  const Notes& notes);

// The one of `backends` that takes a credential of a server that no store has: the first without an
// obstacle; where all have one, that which is there.
[[nodiscard]] Backend& backend_for_new(std::optional<StoreId> setting, const Backends& backends);

}  // namespace cred
