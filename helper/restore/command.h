// SPDX-License-Identifier: MIT
// `docker-credential-keyring restore`: asks, writes credentials back into config.json, reports what
// happened.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int restore_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
