// SPDX-License-Identifier: MIT
// The home of a user, as people write it.
#pragma once

#include <string>

#include "platform/system/environment.h"

namespace cred {

// `text` with ~ for the user's home, where a path begins; for results that people read, not for
// errors, in which the whole path helps.
[[nodiscard]] std::string with_tilde(std::string text, const Environment& environment);

}  // namespace cred
