// SPDX-License-Identifier: MIT
// Whether podman has a connection to a podman elsewhere, with which it takes no name of a registry
// that begins with https://.
#pragma once

#include <filesystem>

#include "platform/system/environment.h"

namespace cred {

// By the variables and files that podman reads; one that cannot be read says nothing. `root` stands
// before the paths of the system.
[[nodiscard]] bool has_podman_connection(const Environment& environment,
                                         const std::filesystem::path& root);

}  // namespace cred
