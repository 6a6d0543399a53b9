// SPDX-License-Identifier: MIT
// podman, skopeo and buildah, which share their files and their list of helpers: whether they are
// used on this machine. Asks for names of files, reads none.
#pragma once

#include <filesystem>

#include "platform/system/environment.h"

namespace cred {

// As people read of them.
inline constexpr const char* kContainersTools = "podman, skopeo and buildah";

// Whether one of them is on PATH or in `usual_folder`, or has left a file with credentials.
[[nodiscard]] bool uses_containers_tools(const Environment& environment,
                                         const std::filesystem::path& usual_folder = "/usr/bin");

}  // namespace cred
