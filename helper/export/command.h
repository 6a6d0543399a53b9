// SPDX-License-Identifier: MIT
// `docker-credential-keyring export`: credentials out of the store, as a config.json or as a
// Kubernetes Secret.
#pragma once

#include "helper/cli/command.h"

namespace cred {

RunCommand export_command;

}  // namespace cred
