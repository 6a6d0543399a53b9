// SPDX-License-Identifier: MIT
#include "platform/text/printable.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("what could steer a terminal or deceive its reader is not shown") {
  struct Row {
    const char* name;
    std::string text;
    std::string shown;
  };
  const Row rows[] = {
      {"nothing", "", ""},
      {"plain", "reg.example/team: ada", "reg.example/team: ada"},
      {"other letters", "b\u00fccher \u767b \U0001f511", "b\u00fccher \u767b \U0001f511"},
      {"combining and joined", "u\u0308 \u0646\u200c\u0645", "u\u0308 \u0646\u200c\u0645"},
      {"an escape sequence", "a\x1b[31mb", "a?[31mb"},
      {"line end, return and tab", "a\nb\rc\td", "a?b?c?d"},
      {"NUL", std::string("a\0b", 3), "a?b"},
      {"DEL", "a\x7f", "a?"},
      {"C1: CSI in one character", "a\u009b31m", "a?31m"},
      {"C1 as bytes",
       "a\x9b"
       "31m",
       "a?31m"},
      {"turned round", "a\u202egpj.exe\u202c", "a?gpj.exe?"},
      {"isolated", "\u2066a\u2069", "?a?"},
      {"marks of direction", "\u061ca\u200e\u200f", "?a??"},
      {"separators", "a\u2028b\u2029", "a?b?"},
      {"not UTF-8", "a\xff\xe4z", "a??z"},
      {"overlong escape", "\xc0\x9b[2J", "??[2J"},
      {"the last before and the first after", "~\u00a0\u202f", "~\u00a0\u202f"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      CHECK(printable(row.text) == row.shown);
      CHECK(printable(row.shown) == row.shown);
    }
  }
}

TEST_CASE("in a document the same characters are escaped") {
  struct Row {
    const char* name;
    std::string json;
    std::string written;
  };
  const Row rows[] = {
      {"plain, on lines", "{\n  \"a\": \"b\"\n}\n", "{\n  \"a\": \"b\"\n}\n"},
      {"DEL", "\"a\x7f\"", R"("a\u007f")"},
      {"C1", "\"a\u009b\"", R"("a\u009b")"},
      {"direction", "\"\u202ea\u2069\"", R"("\u202ea\u2069")"},
      {"other letters", "\"b\u00fc\U0001f511\"", "\"b\u00fc\U0001f511\""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(printable_json(row.json) == row.written); }
  }
}

TEST_CASE("plain ASCII, and a mark for each byte that is none") {
  CHECK(plain_ascii("node-1 ~") == "node-1 ~");
  CHECK(plain_ascii("h\xc3\xb6st\n\x7f") == "h??st??");
}

}  // namespace cred::test
