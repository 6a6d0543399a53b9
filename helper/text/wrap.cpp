// SPDX-License-Identifier: MIT
#include "helper/text/wrap.h"

#include <algorithm>

#include "platform/text/utf8.h"

namespace cred {

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

}  // namespace cred
