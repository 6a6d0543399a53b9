// SPDX-License-Identifier: MIT
// YAML as far as it is read here, and no further: line by line, with the maps and lists that stand
// in one line. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace cred {

// Without the quotes around it, if there are any.
[[nodiscard]] std::string_view unquoted(std::string_view text);

// What one line, or a part of one, sets `name` to: "NAME = VALUE" or "NAME: VALUE". Empty if it
// sets another, or to nothing.
[[nodiscard]] std::string_view value_of_line(std::string_view line, std::string_view name);

// A line up to its comment, as the parts between the brackets and commas of a map in one line.
[[nodiscard]] std::vector<std::string_view> parts_of(std::string_view line);

}  // namespace cred
