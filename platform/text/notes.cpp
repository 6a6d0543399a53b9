// SPDX-License-Identifier: MIT
#include "platform/text/notes.h"

#include <ostream>

namespace cred {

std::string safe_lines(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    append_printable(lines, text.substr(0, end));
    lines += '\n';
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

void Notes::redraw(std::string_view text, bool is_last) const {
  if (stream_ == nullptr) return;
  *stream_ << '\r' + printable(text) + (is_last ? "\n" : "") << std::flush;
}

void Notes::write(const std::string& text) const {
  if (stream_ != nullptr) *stream_ << text;
}

}  // namespace cred
