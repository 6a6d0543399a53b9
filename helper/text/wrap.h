// SPDX-License-Identifier: MIT
// Prose in columns of a terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cred {

// `text` as it is, if that fits; else its words in lines of at most `width` columns, each but the
// first behind `indent` blanks; `used` columns of the first are taken already. A word that is
// longer stands on a line of its own. Without a line end at the end.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::size_t indent = 0,
                               std::size_t used = 0);

// `text` in at most `width` columns, which are at least three: both its ends, and "..." between.
[[nodiscard]] std::string cut_in_middle(const std::string& text, std::size_t width);

}  // namespace cred
