// SPDX-License-Identifier: MIT
// `docker-credential-keyring doctor`: says what is set up, what is wrong, and what fixes it.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand doctor_command;

}  // namespace cred
