// SPDX-License-Identifier: MIT
#include "helper/text/wrap.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("words in lines of a width") {
  CHECK(wrap("one two three", 20) == "one two three");
  CHECK(wrap("one two three", 7) == "one two\nthree");
  CHECK(wrap("one two three", 7, 2) == "one two\n  three");
  CHECK(wrap("one two three", 12, 4, 4) == "one two\n    three");
  CHECK(wrap("a-word-that-is-longer than that", 8) == "a-word-that-is-longer\nthan\nthat");
  CHECK(wrap("as  it is ", 40) == "as  it is ");
  CHECK(wrap("  blanks   between ", 9) == "blanks\nbetween");
  CHECK(wrap("", 40).empty());
  CHECK(wrap("用户 用户 用户", 9) == "用户 用户\n用户");
  CHECK(wrap("кто это", 3) == "кто\nэто");
}

}  // namespace cred::test
