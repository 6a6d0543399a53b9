// SPDX-License-Identifier: MIT
// Where the program and its keyring module lie on the disk.
#pragma once

#include <filesystem>

namespace cred {

struct Installation {
  std::filesystem::path program;
  std::filesystem::path module;  // where it was installed with the program, else beside it
};

// The one that runs; neither file need be there any more.
[[nodiscard]] Installation this_installation();

// Where the module belongs for a program in `folder`.
[[nodiscard]] std::filesystem::path module_for(const std::filesystem::path& folder);

}  // namespace cred
