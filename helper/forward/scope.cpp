// SPDX-License-Identifier: MIT
#include "helper/forward/scope.h"

#include <algorithm>

#include "helper/servers/server_address.h"
#include "platform/text/strings.h"

namespace cred {

bool serves(const ForwardScope& scope, const std::string& name) {
  if (scope.all && !is_hub_token(name)) return true;
  return std::ranges::any_of(scope.servers, [&](const std::string& server) {
    return server == name || same_registry(server, name);
  });
}

std::string scope_text(const ForwardScope& scope) {
  if (!scope.all) return join(scope.servers);
  return scope.servers.empty() ? "all servers" : "all servers, and " + join(scope.servers);
}

}  // namespace cred
