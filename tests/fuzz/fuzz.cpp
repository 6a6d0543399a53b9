// SPDX-License-Identifier: MIT
#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace cred::test {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 16;  // deep enough to overrun a stack

// "\1" and two digits repeat what follows: four to the power of the first digit times, as many
// bytes as the second says and one. A mutation away from any text is one that is deep, or long.
// More than a thousand times takes a "\2", since what is long takes long, and such a byte is rare.
std::string expanded(std::string_view input) {
  constexpr unsigned kMostPower = 5;
  std::string text;
  for (std::size_t i = 0; i < input.size(); ++i) {
    const bool is_mark = (input[i] == '\1' || input[i] == '\2') && i + 3 < input.size();
    const auto power = is_mark ? static_cast<unsigned>(input[i + 1] - '0') : 0;
    const auto more = is_mark ? static_cast<unsigned>(input[i + 2] - '0') : 0;
    if (!is_mark || power > (input[i] == '\1' ? kMostPower : 9) || more > 9) {
      text += input[i];
      continue;
    }
    const std::string_view part = input.substr(i + 3, more + 1);
    const std::size_t room = kLargest - std::min(kLargest, text.size());
    const std::size_t times = std::min(std::size_t{1} << 2 * power, room / part.size());
    for (std::size_t n = 0; n < times; ++n) text += part;
    i += 2 + part.size();
  }
  return text;
}

}  // namespace

void hold(bool is_true, std::string_view property) {
  if (is_true) return;
  std::cerr << "\nbroken: " << property << std::endl;
  std::abort();
}

std::pair<std::string, std::string> cut(std::string_view text, std::string_view separator) {
  const auto end = text.find(separator);
  if (end == std::string_view::npos) return {std::string(text), ""};
  return {std::string(text.substr(0, end)), std::string(text.substr(end + separator.size()))};
}

std::vector<std::string> parts_of(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

}  // namespace cred::test

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cred::test::fuzz(cred::test::expanded({reinterpret_cast<const char*>(data), size}));
  return 0;
}
