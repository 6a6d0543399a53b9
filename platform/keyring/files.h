// SPDX-License-Identifier: MIT
// gnome-keyring's files on disk, which show whether a keyring protects anything.
#pragma once

#include <filesystem>
#include <vector>

#include "platform/system/environment.h"

namespace cred {

// Keyrings with an empty password: gnome-keyring writes their secrets in clear.
[[nodiscard]] std::vector<std::filesystem::path> find_unprotected_keyrings(
    const Environment& environment);

}  // namespace cred
