// SPDX-License-Identifier: MIT
#include "helper/files/login_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "helper/files/node_files.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"
#include "platform/system/process.h"

namespace cred {
namespace {

using std::filesystem::path;

// The auth.json in `folder`.
path auth_file_in(const path& folder) { return folder / "containers" / kAuthFileFormat.file_name; }

// Where a credential of these tools goes unless they are told otherwise.
path runtime_auth_file(const Environment& environment) {
  const auto folder = environment.get("XDG_RUNTIME_DIR");
  if (folder) return auth_file_in(*folder);
  return path("/run/containers") / std::to_string(environment.uid) / kAuthFileFormat.file_name;
}

// Whether `file` lies in a folder of another user that is closed to this one: then it is closed to
// this user's tools as well, and nothing of theirs is in it.
bool is_closed_to_all_tools(const path& file, const Environment& environment) {
  struct stat status = {};
  if (lstat(file.c_str(), &status) == 0 || errno != EACCES) return false;
  const path closed = find_in_the_way(file);
  return lstat(closed.c_str(), &status) == 0 && status.st_uid != environment.uid;
}

bool is_installed(const char* program, const Environment& environment, const path& usual_folder) {
  return find_program(environment, program) || !is_absent(usual_folder / program);
}

bool is_among(const path& file, const std::vector<LoginFile>& files) {
  return std::ranges::any_of(
      files, [&](const LoginFile& other) { return is_same_file(file, other.path); });
}

bool has_containers_tools(const Environment& environment, const path& usual_folder) {
  constexpr std::array kTools{"podman", "skopeo", "buildah"};
  return std::ranges::any_of(
      kTools, [&](const char* tool) { return is_installed(tool, environment, usual_folder); });
}

}  // namespace

LoginFile login_file_at(const path& given) {
  std::error_code failed;
  const bool is_folder = std::filesystem::is_directory(given, failed);
  const path file = is_folder ? given / kDockerConfigFormat.file_name : given;
  return {file, &format_of(file.filename().native())};
}

std::optional<MistakenFolder> find_mistaken_folder(const Environment& environment) {
  const auto named = environment.get("DOCKER_CONFIG");
  if (!named) return std::nullopt;
  const std::string reason = "DOCKER_CONFIG is to name docker's folder, and is " + *named;
  std::error_code failed;
  if (std::filesystem::is_regular_file(*named, failed)) {
    return MistakenFolder{reason + ", a file", path(*named).parent_path()};
  }
  for (const std::string_view home : {"~", "$HOME", "${HOME}"}) {
    if (!named->starts_with(home) || !is_absent(*named)) continue;
    const auto below = named->substr(home.size());
    if (!below.empty() && below.front() != '/') continue;
    return MistakenFolder{reason + ", in which nothing replaced " + std::string(home),
                          environment.home() / path(below).relative_path()};
  }
  return std::nullopt;
}

path docker_folder(const Environment& environment) {
  if (const auto mistake = find_mistaken_folder(environment)) {
    throw Error(Errc::bad_request, mistake->reason + "; set it to " + mistake->meant.string());
  }
  const auto folder = environment.get("DOCKER_CONFIG");
  return folder ? path(*folder) : environment.home() / ".docker";
}

std::vector<LoginFile> docker_files(const Environment& environment) {
  std::vector<LoginFile> files{{docker_folder(environment) / kDockerConfigFormat.file_name}};
  const path old = environment.home() / kDockercfgFormat.file_name;
  if (!is_absent(old)) files.push_back({old, &kDockercfgFormat});
  return files;
}

path snap_file(const Environment& environment) {
  return environment.home() / "snap/docker/current/.docker/config.json";
}

bool is_of_snap(const path& file) {
  std::error_code failed;
  const path folder = std::filesystem::weakly_canonical(file, failed).parent_path();
  const path revision = folder.parent_path();
  return folder.filename() == ".docker" && revision.parent_path().filename() == "docker" &&
         revision.parent_path().parent_path().filename() == "snap";
}

std::vector<LoginFile> containers_files(const Environment& environment) {
  const path runtime = runtime_auth_file(environment);
  std::vector<path> candidates{runtime, lasting_auth_file(environment).path};
  // Without a session, as where root has run podman.
  if (!environment.get("XDG_RUNTIME_DIR") && is_closed_to_all_tools(runtime, environment))
    candidates.erase(candidates.begin());
  if (const auto chosen = environment.get("REGISTRY_AUTH_FILE")) {
    candidates.insert(candidates.begin(), path(*chosen));
  }
  const std::vector<LoginFile> of_docker = docker_files(environment);
  std::vector<LoginFile> files;
  for (const auto& file : candidates) {
    std::error_code failed;
    const bool is_read = std::filesystem::is_regular_file(file, failed);
    if (is_absent(file) || (!is_read && !has_containers_tools(environment, "/usr/bin"))) continue;
    if (is_among(file, of_docker) || is_among(file, files)) continue;
    files.push_back({file, &kAuthFileFormat, is_in_runtime_folder(environment, file)});
  }
  return files;
}

std::vector<LoginFile> read_by_containers_tools(const Environment& environment) {
  const std::vector<LoginFile> of_docker = docker_files(environment);
  LoginFile first{runtime_auth_file(environment), &kAuthFileFormat};
  if (environment.get("DOCKER_CONFIG")) first = of_docker.front();
  if (const auto chosen = environment.get("REGISTRY_AUTH_FILE")) first.path = *chosen;
  std::vector<LoginFile> files{std::move(first), lasting_auth_file(environment)};
  std::ranges::copy(of_docker, back_inserter(files));
  return files;
}

std::vector<LoginFile> helm_files(const Environment& environment) {
  const auto chosen_folder = environment.get("HELM_CONFIG_HOME");
  const path folder = chosen_folder ? path(*chosen_folder) : environment.config_home() / "helm";
  const auto chosen = environment.get("HELM_REGISTRY_CONFIG");
  const path usual = chosen ? path(*chosen) : folder / "registry" / kHelmConfigFormat.file_name;
  const std::vector<LoginFile> of_docker = docker_files(environment);
  std::vector<LoginFile> files;
  for (const auto& file : {usual, folder / "registry.json"}) {  // the latter until helm 3.8
    if (is_absent(file) || is_among(file, of_docker) || is_among(file, files)) continue;
    files.push_back({file, &kHelmConfigFormat});
  }
  return files;
}

std::vector<LoginFile> usual_login_files(const Environment& environment) {
  std::vector<LoginFile> files = docker_files(environment);
  std::ranges::copy(helm_files(environment), back_inserter(files));
  std::ranges::copy(containers_files(environment), back_inserter(files));
  return files;
}

LoginFile lasting_auth_file(const Environment& environment) {
  return {auth_file_in(environment.config_home()), &kAuthFileFormat};
}

bool is_in_runtime_folder(const Environment& environment, const path& file) {
  std::error_code failed;
  const path resolved = std::filesystem::weakly_canonical(file, failed);
  const auto is_below = [&](const path& folder) {
    if (folder.empty()) return false;
    return std::ranges::mismatch(folder, file).in1 == folder.end() ||
           std::ranges::mismatch(folder, resolved).in1 == folder.end();
  };
  const path runtime = environment.runtime_folder();
  return is_below("/run") || is_below(runtime) ||
         is_below(std::filesystem::canonical(runtime, failed));
}

bool uses_docker(const Environment& environment, const path& usual_folder) {
  return is_installed("docker", environment, usual_folder) ||
         !is_absent(docker_folder(environment));
}

bool concerns_docker(const Environment& environment) {
  return uses_docker(environment) || !uses_containers_tools(environment);
}

bool expects_docker(const Environment& environment, const path& root) {
  return uses_docker(environment) || (concerns_docker(environment) && !is_node(root));
}

bool uses_containers_tools(const Environment& environment, const path& usual_folder) {
  return has_containers_tools(environment, usual_folder) || !containers_files(environment).empty();
}

}  // namespace cred
