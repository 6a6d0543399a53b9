// SPDX-License-Identifier: MIT
#include "helper/text/wrap.h"

#include <algorithm>

#include "platform/text/utf8.h"

namespace cred {
namespace {

// The first characters of `text`, up to `width` columns; or the last ones.
std::string beginning(std::string_view text, std::size_t width) {
  std::size_t size = 0;
  std::size_t taken = 0;
  while (size < text.size()) {
    const std::size_t more = first_character(text.substr(size)).size;
    taken += display_width(text.substr(size, more));
    if (taken > width) break;
    size += more;
  }
  return std::string(text.substr(0, size));
}
std::string ending(std::string_view text, std::size_t width) {
  std::size_t left = display_width(text);
  while (left > width) {
    const std::size_t more = first_character(text).size;
    left -= display_width(text.substr(0, more));
    text.remove_prefix(more);
  }
  return std::string(text);
}

}  // namespace

std::string wrap(std::string_view text, std::size_t width, std::size_t indent, std::size_t used) {
  if (display_width(text) <= width - std::min(width, used)) return std::string(text);
  std::string lines;
  std::size_t column = used;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (word.empty()) continue;
    const std::size_t wide = display_width(word);
    if (!is_first && column + 1 + wide > width) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!is_first) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += wide;
    is_first = false;
  }
  return lines;
}

std::string cut_in_middle(const std::string& text, std::size_t width) {
  constexpr std::string_view kMark = "...";
  if (display_width(text) <= width) return text;
  const std::size_t room = width - kMark.size();
  return beginning(text, room - room / 2) + std::string(kMark) + ending(text, room / 2);
}

}  // namespace cred
