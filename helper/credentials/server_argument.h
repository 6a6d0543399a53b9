// SPDX-License-Identifier: MIT
// What add, remove and run take: servers, user names and passwords that clients can use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helper/cli/command_line.h"
#include "platform/system/error.h"

namespace cred {

// What no client could ever ask for is a misuse.
[[nodiscard]] Misuse misuse_of_server(const std::string& server);

// Why docker could not have this login.
[[nodiscard]] std::optional<Refusal> why_not_added(std::string_view username,
                                                   std::string_view password);

// SERVER, once or several times. Refuses misuse_of_server().
[[nodiscard]] Argument server_argument(std::vector<std::string>& servers, const std::string& help);

}  // namespace cred
