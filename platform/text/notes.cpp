// SPDX-License-Identifier: MIT
#include "platform/text/notes.h"

#include <ostream>

namespace cred {

void Notes::lines(std::string_view text) const {
  while (!text.empty()) {
    const auto end = text.find('\n');
    line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void Notes::redraw(std::string_view text, bool is_last) const {
  if (stream_ == nullptr) return;
  *stream_ << '\r' + printable(text) + (is_last ? "\n" : "") << std::flush;
}

void Notes::write_line(std::string line) const {
  if (stream_ == nullptr) return;
  line += '\n';
  *stream_ << line;
}

}  // namespace cred
