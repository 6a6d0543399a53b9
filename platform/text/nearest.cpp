// SPDX-License-Identifier: MIT
#include "platform/text/nearest.h"

#include <algorithm>
#include <vector>

namespace cred {
namespace {

// How many letters are wrong, missing, too many, or swapped with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> steps(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) steps[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) steps[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = steps[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      steps[i][j] = std::min({changed, steps[i - 1][j] + 1, steps[i][j - 1] + 1});
      const bool is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swapped) steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
    }
  }
  return steps[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> names) {
  constexpr std::size_t kLongest = 40;    // of a name; more is no typing error
  constexpr std::size_t kOneInThree = 3;  // letters may be wrong
  if (typed.empty() || typed.size() > kLongest) return std::nullopt;
  std::size_t least = std::max<std::size_t>(1, typed.size() / kOneInThree);
  std::optional<std::string> found;
  bool is_one_of_two = false;
  for (const auto& name : names) {
    const bool is_beginning = typed.size() > 1 && name.starts_with(typed);
    const std::size_t steps = is_beginning ? 1 : distance(typed, name);
    if (steps > least) continue;
    is_one_of_two = found && steps == least;
    found = name;
    least = steps;
  }
  return is_one_of_two ? std::nullopt : found;
}

}  // namespace cred
