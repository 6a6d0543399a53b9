// SPDX-License-Identifier: MIT
// `vault share`, `join`, `sync`, `leave`: one vault for many machines.
#pragma once

#include "helper/vault/call.h"

namespace cred {

[[nodiscard]] int share_vault(const VaultCall& call);
[[nodiscard]] int join_vault(const VaultCall& call);
[[nodiscard]] int sync_vault(const VaultCall& call);
[[nodiscard]] int leave_vault(const VaultCall& call);

}  // namespace cred
