// SPDX-License-Identifier: MIT
// `docker-credential-keyring kubelet`: answers the kubelet as an image credential provider, and
// writes the configuration that makes it one. All that it has to say goes to stderr, which the
// kubelet logs.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand kubelet_command;

}  // namespace cred
