// SPDX-License-Identifier: MIT
// What somebody may have meant who typed a name that there is not. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cred {

// The one of `names` that is nearest to `typed`: it begins so, or a letter in three at most is
// wrong, missing, too many or swapped with the next. nullopt if none is near, or two are as near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view typed,
                                                 std::span<const std::string> names);

}  // namespace cred
