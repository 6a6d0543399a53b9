// SPDX-License-Identifier: MIT
#include "helper/files/node_files.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <system_error>

#include "helper/files/docker_config.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

// Without the quotes around it, if there are any.
std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// What one line sets `name` to: "NAME = VALUE" or "NAME: VALUE".
std::string_view value_of_line(std::string_view line, std::string_view name) {
  const auto separator = line.find_first_of("=:");
  if (separator == std::string_view::npos) return {};
  if (unquoted(trim(line.substr(0, separator))) != name) return {};
  return unquoted(trim(line.substr(separator + 1)));
}

void add(std::vector<NodeFile>& files, const path& file, const char* reader,
         bool (*holds_any)(std::string_view text)) {
  FileStatus status = inspect_file(file);
  if (!status.exists) return;
  const bool holds = holds_any(status.text.value_or(""));
  files.push_back({std::move(status), reader, holds});
}

std::vector<path> crio_settings(const path& root) {
  std::vector<path> files{root / "etc/crio/crio.conf"};
  std::error_code failed;
  for (const auto& entry :
       std::filesystem::directory_iterator(root / "etc/crio/crio.conf.d", failed)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin() + 1, files.end());
  return files;
}

// The last file that names one decides.
std::optional<std::string> crio_auth_file(const path& root) {
  std::optional<std::string> named;
  for (const auto& file : crio_settings(root)) {
    const FileStatus status = inspect_file(file);
    if (!status.text) continue;
    if (auto value = value_in(*status.text, "global_auth_file")) named = std::move(value);
  }
  return named;
}

}  // namespace

std::optional<std::string> value_in(std::string_view text, std::string_view name) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const auto value = value_of_line(line, name);
    if (!value.empty() && value.front() != '#') return std::string(value);
  }
  return std::nullopt;
}

bool gives_credential(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"password", "auth", "identitytoken",
                                                      "identity_token", "token"};
  return std::ranges::any_of(
      kNames, [&](std::string_view name) { return value_in(text, name).has_value(); });
}

std::optional<std::string> secure_path_of(std::string_view sudoers) {
  constexpr std::string_view kDefaults = "Defaults";
  std::optional<std::string> found;
  std::istringstream lines{std::string(sudoers)};
  for (std::string line; std::getline(lines, line);) {
    const auto rest = trim(line);
    if (!rest.starts_with(kDefaults)) continue;
    const auto setting = trim(rest.substr(kDefaults.size()));
    if (setting == "!secure_path") found.reset();
    if (const auto value = value_of_line(setting, "secure_path"); !value.empty()) {
      found = std::string(value);
    }
  }
  return found;
}

std::vector<NodeFile> inspect_node_files(const path& root) {
  std::vector<NodeFile> files;
  add(files, root / "var/lib/kubelet/config.json", "the kubelet", holds_credentials);
  add(files, root / "etc/containerd/config.toml", "containerd", gives_credential);
  add(files, root / "etc/rancher/k3s/registries.yaml", "k3s", gives_credential);
  if (const auto auth_file = crio_auth_file(root)) {
    add(files, root / path(*auth_file).relative_path(), "CRI-O", holds_credentials);
  }
  return files;
}

}  // namespace cred
