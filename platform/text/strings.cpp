// SPDX-License-Identifier: MIT
#include "platform/text/strings.h"

#include <algorithm>

#include "platform/text/utf8.h"

namespace cred {

std::string_view trim(std::string_view text, std::string_view characters) {
  const auto first = text.find_first_not_of(characters);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(characters) - first + 1);
}

std::string pad(std::string text, std::size_t width) {
  text.append(width - std::min(width, display_width(text)), ' ');
  return text;
}

}  // namespace cred
