// SPDX-License-Identifier: MIT
// Another host, as far as ssh tells of it.
#pragma once

#include <filesystem>
#include <string>

#include "platform/system/environment.h"

namespace cred {

// The runtime folder of the user that ssh logs in as on `host`; nobody is asked for a password.
// Throws Error(io) with what ssh says where that fails.
[[nodiscard]] std::filesystem::path ask_runtime_folder(const Environment& environment,
                                                       const std::string& host);

}  // namespace cred
