// SPDX-License-Identifier: MIT
// `vault share`, `join`, `sync`, `leave`: one vault for many machines.
#pragma once

#include "helper/cli/command.h"
#include "helper/vault/options.h"
#include "platform/store/settings.h"

namespace cred {

struct SharingCall {
  const Settings& settings;  // as they are
  const VaultOptions& options;
  const CommandContext& context;
};

[[nodiscard]] int share_vault(const SharingCall& call);
[[nodiscard]] int join_vault(const SharingCall& call);
[[nodiscard]] int sync_vault(const SharingCall& call);
[[nodiscard]] int leave_vault(const SharingCall& call);

}  // namespace cred
