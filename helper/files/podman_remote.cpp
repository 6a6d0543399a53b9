// SPDX-License-Identifier: MIT
#include "helper/files/podman_remote.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "helper/files/toml.h"
#include "helper/text/json_text.h"
#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

using std::filesystem::path;

std::optional<std::string> text_of(const path& file) {
  try {
    return read_file(file);
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool names_destination(const path& containers_conf) {
  const auto text = text_of(containers_conf);
  if (!text) return false;
  try {
    const toml::table table = parse_toml(*text);
    const auto engine = table["engine"];
    const auto* destinations = engine["service_destinations"].as_table();
    return (destinations != nullptr && !destinations->empty()) || engine["remote"].value_or(false);
  } catch (const toml::parse_error&) {
    return false;
  }
}

// As `podman system connection add` writes them since version 5.
bool has_connection(const path& connections_json) {
  const auto text = text_of(connections_json);
  if (!text) return false;
  try {
    const JsonNode all = parse_json(*text);
    const auto outer = std::ranges::find(all.members, "Connection", &JsonMember::key);
    if (outer == all.members.end()) return false;
    const auto& members = outer->value.members;
    const auto inner = std::ranges::find(members, "Connections", &JsonMember::key);
    return inner != members.end() && !inner->value.members.empty();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

bool has_podman_connection(const Environment& environment, const path& root) {
  constexpr std::array kVariables{"CONTAINER_HOST", "CONTAINER_CONNECTION"};
  const auto is_set = [&](const char* name) { return environment.get(name).has_value(); };
  if (std::ranges::any_of(kVariables, is_set)) return true;
  const path user = environment.config_home() / "containers";
  std::vector<path> files{user / "containers.conf", root / "etc/containers/containers.conf"};
  if (const auto chosen = environment.get("CONTAINERS_CONF")) files.emplace_back(*chosen);
  return std::ranges::any_of(files, names_destination) ||
         has_connection(user / "podman-connections.json");
}

}  // namespace cred
