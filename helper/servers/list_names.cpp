// SPDX-License-Identifier: MIT
#include "helper/servers/list_names.h"

#include <optional>
#include <vector>

#include "helper/servers/server_address.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// nullopt for what is left out.
std::optional<std::string> name_of(const std::string& server, ListNames names) {
  if (trim(server).empty()) return std::nullopt;  // who gets each that is listed, would fail at it
  if (names == ListNames::docker) return auths_key(server);
  auto prefix = image_prefix(server);
  return prefix && !contains(*prefix, '/') ? prefix : std::nullopt;
}

}  // namespace

std::map<std::string, std::string> named_for_list(const std::map<std::string, std::string>& stored,
                                                  ListNames names) {
  std::map<std::string, std::vector<std::string>> spellings;  // by name
  for (const auto& [server, username] : stored) {
    if (const auto name = name_of(server, names)) spellings[*name].push_back(server);
  }
  std::map<std::string, std::string> named;
  for (const auto& [name, servers] : spellings) {
    const bool is_exact = contains(servers, name);
    named[name] = stored.at(is_exact ? name : answering_servers(name, servers, false).at(0));
  }
  return named;
}

}  // namespace cred
