// SPDX-License-Identifier: MIT
// The encrypted vault as a Store, for machines without a keyring.
#pragma once

#include <iosfwd>
#include <memory>

#include "platform/environment.h"
#include "platform/place.h"
#include "platform/server_index.h"
#include "platform/settings.h"

namespace cred {

// Touches nothing before it is used. Notes for people go to `notes`, which must outlive the store.
[[nodiscard]] std::unique_ptr<Place> open_vault_store(const Environment& environment,
                                                      const Settings& settings,
                                                      std::shared_ptr<ServerIndex> index,
                                                      std::ostream& notes);

}  // namespace cred
