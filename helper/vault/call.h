// SPDX-License-Identifier: MIT
// What a subcommand of `vault` works with. Private to this folder.
#pragma once

#include "helper/cli/command.h"
#include "helper/vault/options.h"
#include "platform/store/settings.h"
#include "platform/vault/manager.h"

namespace cred {

struct VaultCall {
  VaultManager& manager;
  const Settings& settings;  // as they are
  const VaultOptions& options;
  const CommandContext& context;
};

}  // namespace cred
