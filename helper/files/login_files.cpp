// SPDX-License-Identifier: MIT
#include "helper/files/login_files.h"

#include <algorithm>
#include <string>
#include <system_error>

namespace cred {
namespace {

using std::filesystem::path;

constexpr const char* kConfig = "config.json";
constexpr const char* kDockercfg = ".dockercfg";
constexpr const char* kAuthFile = "auth.json";
constexpr const char* kContainersFolder = "containers";

// Where a login of these tools goes unless they are told otherwise.
path runtime_auth_file(const Environment& environment) {
  const auto folder = environment.get("XDG_RUNTIME_DIR");
  if (folder) return path(*folder) / kContainersFolder / kAuthFile;
  return path("/run") / kContainersFolder / std::to_string(environment.uid) / kAuthFile;
}

path lasting_auth_file(const Environment& environment) {
  const auto folder = environment.get("XDG_CONFIG_HOME");
  return (folder ? path(*folder) : environment.home() / ".config") / kContainersFolder / kAuthFile;
}

bool is_among(const path& file, const std::vector<LoginFile>& files) {
  return std::ranges::any_of(files, [&](const LoginFile& other) {
    std::error_code failed;
    return std::filesystem::equivalent(file, other.path, failed);
  });
}

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

std::vector<LoginFile> containers_files(const Environment& environment) {
  const path runtime = runtime_auth_file(environment);
  std::vector<path> candidates{runtime, lasting_auth_file(environment)};
  if (const auto chosen = environment.get("REGISTRY_AUTH_FILE")) {
    candidates.insert(candidates.begin(), path(*chosen));
  }
  const std::vector<LoginFile> of_docker = docker_files(environment);
  std::vector<LoginFile> files;
  for (const auto& file : candidates) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(file, failed)) continue;
    if (is_among(file, of_docker) || is_among(file, files)) continue;
    const bool is_volatile = std::filesystem::equivalent(file, runtime, failed);
    files.push_back({file, FileKind::containers_auth, is_volatile});
  }
  return files;
}

}  // namespace cred
