// SPDX-License-Identifier: MIT
// Numbers of so many bytes, the least significant first: as our formats have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cred {

inline void append_number(std::string& to, std::uint64_t value, std::size_t bytes) {
  for (; bytes > 0; --bytes, value >>= 8U) to += static_cast<char>(value & 0xFFU);
}

// At most 8 bytes.
[[nodiscard]] inline std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

}  // namespace cred
