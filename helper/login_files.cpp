// SPDX-License-Identifier: MIT
#include "helper/login_files.h"

#include <system_error>

namespace cred {
namespace {

using std::filesystem::path;

constexpr const char* kConfig = "config.json";
constexpr const char* kDockercfg = ".dockercfg";
constexpr const char* kAuthFile = "auth.json";

}  // namespace

LoginFile login_file_at(const path& given) {
  std::error_code failed;
  const path file = std::filesystem::is_directory(given, failed) ? given / kConfig : given;
  if (file.filename() == kDockercfg) return {file, FileKind::dockercfg};
  if (file.filename() == kAuthFile) return {file, FileKind::containers_auth};
  return {file, FileKind::docker_config};
}

path docker_folder(const Environment& environment) {
  const auto folder = environment.get("DOCKER_CONFIG");
  return folder ? path(*folder) : environment.home() / ".docker";
}

std::vector<LoginFile> docker_files(const Environment& environment) {
  std::vector<LoginFile> files{{docker_folder(environment) / kConfig, FileKind::docker_config}};
  std::error_code failed;
  const path old = environment.home() / kDockercfg;
  if (std::filesystem::exists(old, failed)) files.push_back({old, FileKind::dockercfg});
  return files;
}

}  // namespace cred
