// SPDX-License-Identifier: MIT
#include "helper/files/leftovers.h"

#include "helper/files/docker_config.h"
#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {

std::vector<std::filesystem::path> find_plaintext_beside(const ConfigFile& file) {
  auto candidates = file.namesakes();
  for (auto& leftover : file.own_leftovers()) candidates.push_back(std::move(leftover));
  std::erase_if(candidates, [](const auto& path) {
    try {
      return !holds_credentials(read_file(path).value_or(""));
    } catch (const Error&) {
      return true;  // not a file, or not ours to read
    }
  });
  return candidates;
}

}  // namespace cred
