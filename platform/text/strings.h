// SPDX-License-Identifier: MIT
// Small things that are done to text in many places.
#pragma once

#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>

namespace cred {

inline constexpr std::string_view kBlanks = " \t\r\n";

// `text` without those of `characters` that are at its ends.
[[nodiscard]] std::string_view trim(std::string_view text, std::string_view characters = kBlanks);

// The texts with `separator` between them.
template <std::ranges::input_range Texts>
[[nodiscard]] std::string join(const Texts& texts, std::string_view separator = ", ") {
  std::string line;
  bool is_first = true;
  for (const std::string_view text : texts) {
    if (!is_first) line += separator;
    line += text;
    is_first = false;
  }
  return line;
}

// `text` with blanks behind it, so that it takes `width` columns of a terminal; one that takes more
// stays as it is.
[[nodiscard]] std::string pad(std::string text, std::size_t width);

}  // namespace cred
