// SPDX-License-Identifier: MIT
// Small things that are done to text, and to lists, in many places.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <ranges>
#include <string>
#include <string_view>

namespace cred {

inline constexpr std::string_view kBlanks = " \t\n\v\f\r";

// `text` without those of `characters` that are at its ends.
[[nodiscard]] std::string_view trim(std::string_view text, std::string_view characters = kBlanks);

// The texts with `separator` between them, or what `text_of` makes of each element.
template <std::ranges::input_range Elements, typename TextOf = std::identity>
[[nodiscard]] std::string join(const Elements& elements, std::string_view separator = ", ",
                               TextOf text_of = {}) {
  std::string line;
  bool is_first = true;
  for (const auto& element : elements) {
    if (!is_first) line += separator;
    line += std::invoke(text_of, element);
    is_first = false;
  }
  return line;
}

template <std::ranges::input_range Elements, typename Element>
[[nodiscard]] bool contains(const Elements& elements, const Element& wanted) {
  return std::ranges::find(elements, wanted) != std::ranges::end(elements);
}

// Whether `text`, of JSON, nests deeper than `levels`: what walks through such a document takes
// room on the stack for each of them.
[[nodiscard]] bool nests_deeper(std::string_view text, std::size_t levels = 64);

// The small letters of ASCII in the place of its capitals.
[[nodiscard]] std::string lower_case(std::string_view text);

// `text` with blanks behind it, so that it takes `width` columns of a terminal; one that takes more
// stays as it is.
[[nodiscard]] std::string pad(std::string text, std::size_t width);

}  // namespace cred
