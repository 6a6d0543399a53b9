// SPDX-License-Identifier: MIT
#include "platform/installation.h"

#include <system_error>

namespace cred {

using std::filesystem::path;

Installation this_installation() {
  std::error_code failed;
  const path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const path folder = program.parent_path();
  path installed = module_for(folder);
  path beside = folder / installed.filename();  // where it is built
  if (!std::filesystem::exists(installed, failed) && std::filesystem::exists(beside, failed)) {
    return {program, beside};
  }
  return {program, installed};
}

path module_for(const path& folder) { return (folder / DCK_MODULE_FROM_BINDIR).lexically_normal(); }

}  // namespace cred
