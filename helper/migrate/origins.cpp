// SPDX-License-Identifier: MIT
#include "helper/migrate/origins.h"

#include <system_error>
#include <vector>

namespace cred {

void record_origins(const MigrationPlan& plan, std::span<const std::filesystem::path> paths,
                    ServerIndex& index) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::vector<std::string> servers;
    for (const auto& entry : plan.files[i].entries) {
      if (entry.action != Action::moved) continue;
      servers.insert(servers.end(), entry.stored_as.begin(), entry.stored_as.end());
    }
    std::error_code failed;
    const auto file = std::filesystem::absolute(paths[i], failed);
    if (!failed) index.set_origin(servers, file.lexically_normal());
  }
}

}  // namespace cred
