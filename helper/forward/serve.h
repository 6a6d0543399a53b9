// SPDX-License-Identifier: MIT
// A forward from its begin to its end.
#pragma once

#include <chrono>

#include "helper/cli/command.h"
#include "helper/forward/scope.h"
#include "platform/forward/listener.h"

namespace cred {

struct ForwardPlan {
  ForwardScope scope;
  bool allows_store = false;
  ForwardSocket socket;
  std::chrono::seconds time;
};

// Says what home has no login for, listens, tells people and systemd, and answers until the time is
// over or it is stopped. Throws as ForwardPresence and serve_forward() do.
void serve(const ForwardPlan& plan, const CommandContext& context);

}  // namespace cred
