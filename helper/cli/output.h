// SPDX-License-Identifier: MIT
// Results that programs read. Those for people go through Notes (platform/text/notes.h).
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

namespace cred {

// What --json asks for, on several lines. What a terminal must not be shown is escaped, and text
// that is not UTF-8 has U+FFFD in the place of each byte that is none.
void write_json(const nlohmann::ordered_json& document, std::ostream& out);

}  // namespace cred
