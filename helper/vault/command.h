// SPDX-License-Identifier: MIT
// `docker-credential-keyring vault …`: create the vault, unlock and lock it, describe it, change
// its keys.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand vault_command;

}  // namespace cred
