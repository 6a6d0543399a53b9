// SPDX-License-Identifier: MIT
#include "platform/text/printable.h"

#include <algorithm>

namespace cred {

std::string printable(std::string_view text) {
  std::string result(text);
  std::ranges::replace_if(
      result, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return result;
}

}  // namespace cred
