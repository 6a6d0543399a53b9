// SPDX-License-Identifier: MIT
#include "platform/system/installation.h"

#include <system_error>

namespace cred {

using std::filesystem::path;

Installation this_installation() {
  std::error_code failed;
  const path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const path folder = program.parent_path();
  path installed = modules_for(folder);
  if (!std::filesystem::exists(installed / kServiceModule, failed) &&
      std::filesystem::exists(folder / kServiceModule, failed)) {
    return {program, folder};  // where it is built
  }
  return {program, installed};
}

path modules_for(const path& folder) {
  return (folder / DCK_MODULES_FROM_BINDIR).lexically_normal();
}

}  // namespace cred
