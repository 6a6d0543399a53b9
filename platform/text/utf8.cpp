// SPDX-License-Identifier: MIT
#include "platform/text/utf8.h"

#include <algorithm>
#include <clocale>
#include <cwchar>

namespace cred {
namespace {

constexpr unsigned kFollowerBits = 6;
constexpr unsigned kFollowerMask = 0x3f;

// How many bytes the first one announces, and its own part of the value.
struct Lead {
  std::size_t size = 0;
  char32_t bits = 0;
  char32_t smallest = 0;  // less is an overlong form
};

Lead lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) return {1, byte, 0};
  if ((byte & 0xe0U) == 0xc0) return {2, byte & 0x1fU, 0x80};
  if ((byte & 0xf0U) == 0xe0) return {3, byte & 0x0fU, 0x800};
  if ((byte & 0xf8U) == 0xf0) return {4, byte & 0x07U, 0x10000};
  return {};
}

}  // namespace

Character first_character(std::string_view text) noexcept {
  constexpr char32_t kSurrogates = 0xd800;
  constexpr char32_t kBehindSurrogates = 0xe000;
  constexpr char32_t kLast = 0x10ffff;
  const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
  if (lead.size == 0 || lead.size > text.size()) return {};
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80) return {};
    value = value << kFollowerBits | (byte & kFollowerMask);
  }
  if (value < lead.smallest || value > kLast) return {};
  if (value >= kSurrogates && value < kBehindSurrogates) return {};
  return {value, lead.size, true};
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
