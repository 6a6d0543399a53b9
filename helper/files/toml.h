// SPDX-License-Identifier: MIT
// toml++, which would end the program where it asserts, of what lies in a file, what it refuses a
// few lines later: "[" and the end of the line. Private to helper/files.
#pragma once

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): toml++ looks for a macro
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>

#include <cstdint>
#include <string_view>

namespace cred {

// As toml::parse(), which goes a level deeper into the stack for each part of a key: a line with
// more dots than any key has is an error like any other.
inline toml::table parse_toml(std::string_view text) {
  constexpr int kMostDots = 10'000;
  std::uint32_t line = 1;
  int dots = 0;
  for (const char c : text) {
    if (c == '.' && ++dots > kMostDots) {
      throw toml::parse_error("a key has too many parts", {{line, 1}, {line, 1}, nullptr});
    }
    if (c != '\n') continue;
    dots = 0;
    ++line;
  }
  return toml::parse(text);
}

}  // namespace cred
