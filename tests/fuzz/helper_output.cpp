// SPDX-License-Identifier: MIT
// What another credential helper writes.
#include <algorithm>
#include <string>

#include "platform/helper_answer.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {

void fuzz(const std::string& input) {
  const auto got = read_get_answer(input, "reg.example");
  const auto listed = read_list_answer(input);
  hold(got.has_value() == listed.has_value(), "one rule for what is an answer");
  hold(!got || got->server == "reg.example", "the server is the one that was asked for");

  const auto [output, errors] = cut(input);
  const std::string told = read_failure(output, errors);
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  hold(std::ranges::all_of(told, is_plain) && told.size() <= 200, "a short line of plain ASCII");
  hold(read_failure(output, "").find('{') == std::string::npos, "never an answer");
}

}  // namespace cred::test
