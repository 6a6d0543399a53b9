// SPDX-License-Identifier: MIT
// The time of day, as vaults and records have it.
#pragma once

#include <cstdint>
#include <ctime>

namespace cred {

// Seconds since 1970, by a clock that may be set back.
inline std::uint64_t seconds_now() { return static_cast<std::uint64_t>(std::time(nullptr)); }

}  // namespace cred
