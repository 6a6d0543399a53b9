// SPDX-License-Identifier: MIT
#include "platform/keyring/files.h"

#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace cred {

std::vector<std::filesystem::path> find_unprotected_keyrings(const Environment& environment) {
  constexpr std::string_view kInClear = "[keyring]";  // an encrypted one begins "GnomeKeyring"
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  for (const auto& file :
       std::filesystem::directory_iterator(environment.data_home() / "keyrings", failed)) {
    if (file.path().extension() != ".keyring" || !file.is_regular_file(failed)) continue;
    std::string start(kInClear.size(), '\0');
    std::ifstream(file.path(), std::ios::binary)
        .read(start.data(), static_cast<std::streamsize>(start.size()));
    if (start == kInClear) found.push_back(file.path());
  }
  return found;
}

}  // namespace cred
