// SPDX-License-Identifier: MIT
// What lies beside a file of credentials: copies that docker, people and killed migrations leave
// there.
#pragma once

#include <filesystem>
#include <vector>

#include "platform/system/config_file.h"

namespace cred {

// Files beside `file` that hold credentials in plaintext: those that docker and people leave
// behind.
[[nodiscard]] std::vector<std::filesystem::path> find_plaintext_beside(const ConfigFile& file);

}  // namespace cred
