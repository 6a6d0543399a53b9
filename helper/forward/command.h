// SPDX-License-Identifier: MIT
// `forward`: logins of here, asked for by name from a remote host or a container.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand forward_command;

}  // namespace cred
