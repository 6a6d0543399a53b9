// SPDX-License-Identifier: MIT
#include "platform/text/utf8.h"

#include <algorithm>
#include <array>
#include <bit>
#include <clocale>
#include <cwchar>

namespace cred {
Character first_character(std::string_view text) noexcept {
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};  // by size
  constexpr char32_t kSurrogates = 0xd800;
  constexpr char32_t kBehindSurrogates = 0xe000;
  constexpr char32_t kLast = 0x10ffff;
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1, true};
  const auto size = static_cast<std::size_t>(std::countl_one(lead));
  if (size < 2 || size >= kSmallest.size() || size > text.size()) return {};
  char32_t value = lead & (0x7fU >> size);
  for (const char c : text.substr(1, size - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80) return {};
    value = value << 6U | (byte & 0x3fU);
  }
  if (value < kSmallest[size] || value > kLast) return {};
  if (value >= kSurrogates && value < kBehindSurrogates) return {};
  return {value, size, true};
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const Character next = first_character(text);
    if (!next.is_valid) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

std::size_t display_width(std::string_view text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(text, is_ascii)) return text.size();
  // The table of widths that comes with libc, whatever the user's locale is: output is UTF-8. Where
  // that locale is missing, the user's stays.
  static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  const locale_t before = uselocale(utf8);
  std::size_t width = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    const int columns = next.is_valid ? wcwidth(static_cast<wchar_t>(next.value)) : -1;
    width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
    text.remove_prefix(next.size);
  }
  uselocale(before);
  return width;
}

}  // namespace cred
