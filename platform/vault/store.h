// SPDX-License-Identifier: MIT
// The encrypted vault as a Store, for machines without a keyring.
#pragma once

#include <memory>

#include "platform/store/backend.h"

namespace cred {

class Storage;

// Touches nothing before it is used. Notes for people go to `notes`.
[[nodiscard]] std::unique_ptr<Backend> open_vault_store(const BackendContext& context);

// The same on another storage than the environment's.
[[nodiscard]] std::unique_ptr<Backend> open_vault_store_in(std::unique_ptr<Storage> storage,
                                                           const BackendContext& context);

}  // namespace cred
