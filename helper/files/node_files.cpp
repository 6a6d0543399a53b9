// SPDX-License-Identifier: MIT
#include "helper/files/node_files.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <system_error>

#include "helper/files/docker_config.h"
#include "helper/files/toml.h"
#include "helper/files/yaml_lines.h"
#include "helper/text/json_text.h"
#include "platform/system/file.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr std::array<std::string_view, 6> kSecretNames = {
    "password", "auth", "identitytoken", "identity_token", "token", "authorization"};

bool is_secret_name(std::string_view name) {
  return std::ranges::any_of(kSecretNames,
                             [&](std::string_view known) { return same_json_key(name, known); });
}

// ---- TOML

// Whether `visit` says so of one of the values, at any depth.
template <typename Visit>
bool any_value(const toml::node& node, const Visit& visit) {
  if (const auto* array = node.as_array()) {
    return std::ranges::any_of(*array, [&](const auto& each) { return any_value(each, visit); });
  }
  const auto* table = node.as_table();
  return table != nullptr && std::ranges::any_of(*table, [&](const auto& member) {
           return visit(member.first.str(), member.second) || any_value(member.second, visit);
         });
}

// Whether it is a text, or a list that begins with one, and not an empty one.
bool is_set(const toml::node& value) {
  if (const auto* list = value.as_array()) return !list->empty() && is_set(*list->get(0));
  const auto* text = value.as_string();
  return text != nullptr && !text->get().empty();
}

// ---- YAML

bool gives_secret(std::string_view part) {
  constexpr std::array<std::string_view, 3> kNothing = {"", "~", "null"};
  part = trim(part);
  while (part.starts_with("- ")) part = trim(part.substr(2));
  return std::ranges::any_of(kSecretNames, [&](std::string_view name) {
    return !contains(kNothing, value_of_line(part, name));
  });
}

// ---- files

void add(std::vector<NodeFile>& files, const path& file, const char* reader,
         bool (*holds_any)(std::string_view text)) {
  FileStatus status = inspect_file(file);
  if (!status.exists) return;
  const bool holds = holds_any(status.text.value_or(""));
  files.push_back({std::move(status), reader, holds});
}

std::vector<path> crio_settings(const path& root) {
  std::vector<path> files{root / "etc/crio/crio.conf"};
  std::ranges::copy(list_folder(root / "etc/crio/crio.conf.d"), back_inserter(files));
  return files;
}

// The last file that names one decides.
std::optional<std::string> crio_auth_file(const path& root) {
  std::optional<std::string> named;
  for (const auto& file : crio_settings(root)) {
    const FileStatus status = inspect_file(file);
    if (!status.text) continue;
    if (auto value = toml_value(*status.text, "global_auth_file")) named = std::move(value);
  }
  return named;
}

}  // namespace

bool toml_gives_credential(std::string_view text) {
  try {
    return any_value(parse_toml(text), [](std::string_view name, const toml::node& value) {
      return is_secret_name(name) && is_set(value);
    });
  } catch (const toml::parse_error&) {
    return yaml_gives_credential(text);
  }
}

bool yaml_gives_credential(std::string_view text) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (std::ranges::any_of(parts_of(line), gives_secret)) return true;
  }
  return false;
}

std::optional<std::string> toml_value(std::string_view text, std::string_view name) {
  std::optional<std::string> found;
  try {
    any_value(parse_toml(text), [&](std::string_view key, const toml::node& value) {
      if (key == name && is_set(value)) found = value.value_exact<std::string>();
      return found.has_value();
    });
  } catch (const toml::parse_error&) {
    found.reset();
  }
  return found;
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

bool is_of_kubelet(const path& file) {
  return file.filename() == "config.json" && file.parent_path().filename() == "kubelet";
}

bool is_node(const path& root) {
  return !is_absent(root / "var/lib/kubelet") || !is_absent(root / "etc/rancher");
}

std::vector<NodeFile> inspect_node_files(const path& root) {
  std::vector<NodeFile> files;
  add(files, root / "var/lib/kubelet/config.json", "the kubelet", holds_credentials);
  add(files, root / ".docker/config.json", "the kubelet", holds_credentials);
  add(files, root / "etc/containerd/config.toml", "containerd", toml_gives_credential);
  for (const auto& file : list_folder(root / "etc/containerd/conf.d")) {
    add(files, file, "containerd", toml_gives_credential);
  }
  for (const auto& host : list_folder(root / "etc/containerd/certs.d")) {
    add(files, host / "hosts.toml", "containerd", toml_gives_credential);
  }
  add(files, root / "etc/rancher/k3s/registries.yaml", "k3s", yaml_gives_credential);
  add(files, root / "etc/rancher/rke2/registries.yaml", "RKE2", yaml_gives_credential);
  if (const auto auth_file = crio_auth_file(root)) {
    add(files, root / path(*auth_file).relative_path(), "CRI-O", holds_credentials);
  }
  return files;
}

}  // namespace cred
