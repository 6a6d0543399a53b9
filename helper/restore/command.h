// SPDX-License-Identifier: MIT
// `docker-credential-keyring restore`: asks, writes credentials back into their files, reports what
// happened.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand restore_command;

}  // namespace cred
