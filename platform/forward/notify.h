// SPDX-License-Identifier: MIT
// What systemd is told by a service of Type=notify. https://systemd.io/PORTABILITY_AND_STABILITY
#pragma once

#include "platform/system/environment.h"

namespace cred {

// That this process is ready; nothing, where no manager wants to know.
void notify_ready(const Environment& environment);

}  // namespace cred
