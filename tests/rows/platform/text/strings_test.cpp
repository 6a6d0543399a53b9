// SPDX-License-Identifier: MIT
#include "platform/text/strings.h"

#include <doctest/doctest.h>

#include <vector>

namespace cred::test {

TEST_CASE("text without what is at its ends") {
  CHECK(trim(" \ta b\r\n") == "a b");
  CHECK(trim("a") == "a");
  CHECK(trim(" \t\r\n").empty());
  CHECK(trim("").empty());
  CHECK(trim(std::string_view("\0a\0b\0", 5), std::string_view("\0", 1)) ==
        std::string_view("a\0b", 3));
}

TEST_CASE("texts in a row") {
  CHECK(join(std::vector<std::string>{}).empty());
  CHECK(join(std::vector<std::string>{"a"}) == "a");
  CHECK(join(std::vector<std::string>{"a", "", "c"}) == "a, , c");
  CHECK(join(std::vector<std::string_view>{"a", "b"}, " then ") == "a then b");
  CHECK(join(std::vector{1, 2}, "-", [](int n) { return std::to_string(n); }) == "1-2");
}

TEST_CASE("text as wide as a column") {
  CHECK(pad("ab", 4) == "ab  ");
  CHECK(pad("abcd", 4) == "abcd");
  CHECK(pad("abcde", 4) == "abcde");
  CHECK(pad("\u767b", 4) == "\u767b  ");
  CHECK(pad("u\u0308", 2) == "u\u0308 ");
}

}  // namespace cred::test
