// SPDX-License-Identifier: MIT
// UTF-8, a character at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace cred {

struct Character {
  char32_t value = 0;
  std::size_t size = 1;   // bytes
  bool is_valid = false;  // if not, it is one byte that belongs to no character
};

// The first character of `text`, which is not empty. Overlong forms, halves of surrogate pairs and
// what is beyond U+10FFFF are not valid.
[[nodiscard]] Character first_character(std::string_view text) noexcept;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// How many columns of a terminal `text` takes: a wide character takes two, a combining one none,
// and a byte that belongs to no character one.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace cred
