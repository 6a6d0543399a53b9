// SPDX-License-Identifier: MIT
// The way back for all users of a machine, before the program goes. Private to helper/restore.
#pragma once

#include "helper/cli/command.h"

namespace cred {

// Takes this program out of the configuration of each user, and out of the system's, as `restore
// --setup-only` does; says where that failed, and which vaults stay. Each user's files are looked
// at and written by a process that is that user (run_as). For root. Returns the exit status.
int restore_for_everybody(const CommandContext& context);

}  // namespace cred
