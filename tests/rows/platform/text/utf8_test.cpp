// SPDX-License-Identifier: MIT
#include "platform/text/utf8.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("which bytes are a character") {
  struct Row {
    const char* name;
    std::string text;
    char32_t value;
    std::size_t size;
    bool is_valid;
  };
  const Row rows[] = {
      {"ASCII", "ab", U'a', 1, true},
      {"NUL", std::string(1, '\0'), 0, 1, true},
      {"two bytes", "\u00e4b", 0xe4, 2, true},
      {"three bytes", "\u20acb", 0x20ac, 3, true},
      {"four bytes", "\U0001f511", 0x1f511, 4, true},
      {"the last of all", "\xf4\x8f\xbf\xbf", 0x10ffff, 4, true},
      {"beyond the last", "\xf4\x90\x80\x80", 0, 1, false},
      {"half a surrogate pair", "\xed\xa0\x80", 0, 1, false},
      {"overlong, of two", "\xc0\xaf", 0, 1, false},
      {"overlong, of three", "\xe0\x80\xaf", 0, 1, false},
      {"overlong, of four", "\xf0\x80\x80\xaf", 0, 1, false},
      {"cut short", "\xe2\x82", 0, 1, false},
      {"broken off", "\xe2\x82x", 0, 1, false},
      {"a follower alone", "\x82", 0, 1, false},
      {"Latin-1", "\xe4", 0, 1, false},
      {"a lead of five", "\xf8\x88\x80\x80\x80", 0, 1, false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const Character found = first_character(row.text);
      CHECK(found.value == row.value);
      CHECK(found.size == row.size);
      CHECK(found.is_valid == row.is_valid);
      CHECK(is_utf8(row.text) == row.is_valid);
    }
  }
  CHECK(is_utf8(""));
  CHECK_FALSE(is_utf8("good \xff"));
}

TEST_CASE("how many columns a text takes") {
  struct Row {
    const char* name;
    std::string text;
    std::size_t width;
  };
  const Row rows[] = {
      {"nothing", "", 0},
      {"ASCII", "registry.example", 16},
      {"Latin", "b\u00fccher", 6},
      {"wide", "\u767b\u9332", 4},
      {"wide, beyond the first plane", "\U0001f511", 2},
      {"combining", "bu\u0308cher", 6},
      {"no character", "a\xff\xfe", 3},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(display_width(row.text) == row.width); }
  }
}

}  // namespace cred::test
