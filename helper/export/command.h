// SPDX-License-Identifier: MIT
// `docker-credential-keyring export`: credentials out of the store, as a config.json or as a
// Kubernetes Secret.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int export_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
