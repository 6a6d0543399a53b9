// SPDX-License-Identifier: MIT
// `docker-credential-keyring migrate`: finds the files, runs the migration, reports what happened.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand migrate_command;

}  // namespace cred
