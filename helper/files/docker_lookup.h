// SPDX-License-Identifier: MIT
// How docker finds a login in its config.json: under the host that it asks for, else under any key
// of that host, whatever its path; one at random, where there are several. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "helper/files/docker_config.h"

namespace cred {

// A host that docker may ask for, and the positions in config.entries() of the entries that are of
// it, in the order of the file.
struct HostEntries {
  std::string host;
  std::vector<std::size_t> entries;
};

// In the order in which the file names them.
[[nodiscard]] std::vector<HostEntries> hosts_of(const DockerConfig& config);

// Those of the entries of which docker takes one.
[[nodiscard]] std::vector<std::size_t> taken_for(const HostEntries& of_host,
                                                 const DockerConfig& config);

// Whether docker takes a login out of it; no helper may be able to hand it on.
[[nodiscard]] bool answers_docker(const ConfigEntry& entry);

}  // namespace cred
