// SPDX-License-Identifier: MIT
// The lock around every command that moves credentials between docker's files and the store: two at
// once would each take the other's work for another program's.
#pragma once

#include "platform/system/environment.h"
#include "platform/system/file.h"

namespace cred {

// Waits; throws Error(io) if another one takes too long.
[[nodiscard]] FileLock wait_for_other_migrations(const Environment& environment);

}  // namespace cred
