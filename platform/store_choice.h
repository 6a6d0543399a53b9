// SPDX-License-Identifier: MIT
// Several backends behind the face of one Store. Private to this folder.
#pragma once

#include <memory>
#include <optional>

#include "platform/store/backend.h"
#include "platform/store/server_index.h"
#include "platform/text/notes.h"

namespace cred {

// By the rules of open_store.h. `setting` names the only one of `backends` that counts; nullopt:
// all do.
[[nodiscard]] std::unique_ptr<Store> choose_store(std::optional<StoreId> setting, Backends backends,
                                                  std::shared_ptr<ServerIndex> index,
                                                  const Notes& notes);

}  // namespace cred
