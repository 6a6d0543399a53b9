// SPDX-License-Identifier: MIT
// `docker-credential-keyring doctor`: says what is set up, what is wrong, and what fixes it.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int doctor_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
