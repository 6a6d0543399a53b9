// SPDX-License-Identifier: MIT
#include "platform/system/locked_bytes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace cred::test {

TEST_CASE("locked bytes are each their own, and nothing is left in them for the next") {
  const std::size_t sizes[] = {0, 1, 32, 63, 64, 65, 1000, 4096, 15000, 20000};
  std::vector<LockedBytes> held;
  const auto holds = [](const LockedBytes& bytes, unsigned char what) {
    return std::ranges::all_of(bytes.bytes(), [&](unsigned char byte) { return byte == what; });
  };
  const auto mark = [&](std::size_t i) { return static_cast<unsigned char>(0x11 + i); };
  for (int round = 0; round < 3; ++round) {
    // More than are kept together.
    for (std::size_t i = 0; i < 3 * std::size(sizes); ++i) {
      LockedBytes& fresh = held.emplace_back(sizes[i % std::size(sizes)]);
      CHECK(fresh.data() != nullptr);
      CHECK(std::ranges::none_of(fresh.bytes(), [&](unsigned char byte) {
        return byte >= mark(0) && byte < mark(3 * std::size(sizes));
      }));
      std::ranges::fill_n(fresh.data(), static_cast<std::ptrdiff_t>(fresh.size()), mark(i));
    }
    for (std::size_t i = 0; i < held.size(); ++i) CHECK(holds(held[i], mark(i)));
    if (round == 1) std::ranges::reverse(held);  // given back in another order
    held.clear();
  }
}

}  // namespace cred::test
