// SPDX-License-Identifier: MIT
// The Store in the keyring, shared with docker-credential-secretservice: each program reads,
// replaces and erases what the other stored.
#pragma once

#include <memory>

#include "platform/store/backend.h"

namespace cred {

// Touches nothing yet: the bus is looked for at the first use, and where there is one the
// libraries that speak to a keyring are loaded. Explanations that are no failure go to `notes`.
[[nodiscard]] std::unique_ptr<Backend> open_keyring_store(const BackendContext& context);

}  // namespace cred
