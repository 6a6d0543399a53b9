// SPDX-License-Identifier: MIT
#include "platform/text/printable.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "platform/text/utf8.h"

namespace cred {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kUnsafe = {
    Range{0x0000, 0x001f},  // C0
    Range{0x007f, 0x009f},  // DEL, C1
    Range{0x061c, 0x061c},  // marks of direction: they let text read in another order
    Range{0x200e, 0x200f}, Range{0x2028, 0x202e},  // with the separators of lines and paragraphs
    Range{0x2066, 0x2069},
};

bool is_unsafe(char32_t character) {
  return std::ranges::any_of(kUnsafe, [&](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

bool is_plain(char c) { return c >= ' ' && c < '\x7f'; }

// The beginning of `text` that needs no second look, which is all of it nearly always.
std::size_t plain_size(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
}

}  // namespace

void append_printable(std::string& line, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = plain_size(text);
    line.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const Character next = first_character(text);
    const bool safe = next.is_valid && !is_unsafe(next.value);
    line.append(safe ? text.substr(0, next.size) : "?");
    text.remove_prefix(next.size);
  }
}

std::string printable(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  append_printable(line, text);
  return line;
}

std::string printable_json(std::string_view json) {
  std::string document;
  document.reserve(json.size());
  while (!json.empty()) {
    const Character next = first_character(json);
    if (json.front() != '\n' && next.is_valid && is_unsafe(next.value)) {
      std::array<char, sizeof "\\uffff"> escaped{};
      static_cast<void>(std::snprintf(escaped.data(), escaped.size(), "\\u%04x",
                                      static_cast<unsigned>(next.value)));
      document += escaped.data();
    } else {
      document += json.substr(0, next.size);
    }
    json.remove_prefix(next.size);
  }
  return document;
}

std::string plain_ascii(std::string_view text) {
  std::string plain(text);
  const auto is_other = [](char c) { return c < ' ' || c > '~'; };
  std::ranges::replace_if(plain, is_other, '?');
  return plain;
}

}  // namespace cred
