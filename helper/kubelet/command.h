// SPDX-License-Identifier: MIT
// `docker-credential-keyring kubelet`: answers the kubelet as an image credential provider, and
// writes the configuration that makes it one. All that it has to say goes to stderr, which the
// kubelet logs.
#pragma once

#include <span>
#include <string>

#include "helper/cli/command.h"

namespace cred {

int kubelet_command(std::span<const std::string> arguments, const CommandContext& context);

}  // namespace cred
