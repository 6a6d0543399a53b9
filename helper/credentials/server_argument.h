// SPDX-License-Identifier: MIT
// SERVER on the command line of add and remove.
#pragma once

#include <string>
#include <vector>

#include "helper/cli/command_line.h"

namespace cred {

// Refuses what no client could ever ask for.
[[nodiscard]] Argument server_argument(std::vector<std::string>& servers, const std::string& help);

}  // namespace cred
