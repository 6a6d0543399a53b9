// SPDX-License-Identifier: MIT
#include "helper/files/containers_tools.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "helper/files/login_files.h"
#include "platform/system/process.h"

namespace cred {

bool uses_containers_tools(const Environment& environment,
                           const std::filesystem::path& usual_folder) {
  constexpr std::array kTools{"podman", "skopeo", "buildah"};
  const auto is_installed = [&](const char* tool) {
    std::error_code failed;
    return find_program(environment, tool) || std::filesystem::exists(usual_folder / tool, failed);
  };
  return std::ranges::any_of(kTools, is_installed) || !containers_files(environment).empty();
}

}  // namespace cred
