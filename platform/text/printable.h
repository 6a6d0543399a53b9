// SPDX-License-Identifier: MIT
// Text that is safe to show.
#pragma once

#include <string>
#include <string_view>

namespace cred {

// `text` on one line, and without what could steer a terminal: it may come from a file that anybody
// wrote.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace cred
