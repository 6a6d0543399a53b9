// SPDX-License-Identifier: MIT
#include "helper/files/docker_lookup.h"

#include <map>

#include "helper/servers/server_address.h"

namespace cred {

std::vector<HostEntries> hosts_of(const DockerConfig& config) {
  std::vector<HostEntries> hosts;
  std::map<std::string, std::size_t> positions;
  for (std::size_t i = 0; i < config.entries().size(); ++i) {
    const std::string& key = config.entries()[i].key;
    std::string host = is_hub_token(key) ? key : asked_as(key);
    const auto [known, is_new] = positions.emplace(host, hosts.size());
    if (is_new) hosts.push_back({std::move(host), {}});
    hosts[known->second].entries.push_back(i);
  }
  return hosts;
}

std::vector<std::size_t> taken_for(const HostEntries& of_host, const DockerConfig& config) {
  for (const auto i : of_host.entries) {
    if (config.entries()[i].key == of_host.host) return {i};
  }
  return of_host.entries;
}

bool answers_docker(const ConfigEntry& entry) {
  return entry.credential || (entry.holds_credential && entry.docker_reads_it);
}

}  // namespace cred
