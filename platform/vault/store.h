// SPDX-License-Identifier: MIT
// The encrypted vault as a Store, for machines without a keyring.
#pragma once

#include <memory>

#include "platform/store/backend.h"
#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

class Storage;

// Touches nothing before it is used. Notes for people go to `notes`.
[[nodiscard]] std::unique_ptr<Backend> open_vault_store(const Environment& environment,
                                                        const Settings& settings,
                                                        std::shared_ptr<ServerIndex> index,
                                                        const Notes& notes);

// The same on another storage than the environment's.
[[nodiscard]] std::unique_ptr<Backend> open_vault_store_in(std::unique_ptr<Storage> storage,
                                                           const Environment& environment,
                                                           const Settings& settings,
                                                           std::shared_ptr<ServerIndex> index,
                                                           const Notes& notes);

}  // namespace cred
