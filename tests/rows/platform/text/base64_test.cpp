// SPDX-License-Identifier: MIT
#include "platform/text/base64.h"

#include <doctest/doctest.h>

#include <array>

namespace cred::test {
namespace {

std::string decoded(std::string_view text, Base64 kind) {
  const auto bytes = decode_base64(text, kind);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "(none)";
}

}  // namespace

TEST_CASE("base64, there and back") {
  const struct {
    const char* name;
    std::string bytes, standard, url;
  } rows[] = {
      {"nothing", "", "", ""},
      {"one byte", "a", "YQ==", "YQ"},
      {"two bytes", "ab", "YWI=", "YWI"},
      {"three bytes", "abc", "YWJj", "YWJj"},
      {"where the alphabets differ", "\xfb\xff\xfe", "+//+", "-__-"},
      {"NUL", std::string("\0\0", 2), "AAA=", "AAA"},
      {"a login", "ada:s3", "YWRhOnMz", "YWRhOnMz"},
  };
  for (const auto& row : rows) {
    SUBCASE(row.name) {
      CHECK(encode_base64(row.bytes, Base64::standard) == row.standard);
      CHECK(encode_base64(row.bytes, Base64::url) == row.url);
      CHECK(decoded(row.standard, Base64::standard) == row.bytes);
      CHECK(decoded(row.url, Base64::url) == row.bytes);
      CHECK(base64_size(row.bytes.size(), Base64::url) == row.url.size());
    }
  }
  std::array<char, 4> text{'x', 'x', 'x', 'x'};
  encode_base64("ab", Base64::url, text.data());
  CHECK(std::string_view(text.data(), text.size()) == std::string_view("YWI\0", 4));
}

TEST_CASE("what is not base64 of its kind") {
  const struct {
    const char* name;
    std::string text;
    std::string standard, url;
  } rows[] = {
      {"without padding", "YQ", "(none)", "a"},
      {"with padding", "YQ==", "a", "(none)"},
      {"on lines", "YW\r\nJj\n", "abc", "(none)"},
      {"a blank", "YW Jj", "(none)", "(none)"},
      {"NUL", std::string("YWJj\0", 5), "(none)", "(none)"},
      {"NUL in front", std::string("\0YWJj", 5), "(none)", "(none)"},
      {"another letter", "YW*j", "(none)", "(none)"},
      {"bits left over, one padding", "YWJ=", "ab", "(none)"},
      {"bits left over, two paddings", "YR==", "a", "(none)"},
      {"bits left over, on lines", "Y\nR=\r\n=\n", "a", "(none)"},
      {"bits left over, without padding", "YR", "(none)", "(none)"},
      {"padding alone", "====", "(none)", "(none)"},
      {"padding after a whole", "YWJj=", "(none)", "(none)"},
      {"a byte that is no ASCII", "YW\xc3\xa9", "(none)", "(none)"},
      {"high bits set on letters", "\xd9\xd7\xca\xea", "(none)", "(none)"},
      {"the other alphabet", "-__-", "(none)", "\xfb\xff\xfe"},
      {"docker's alphabet", "+//+", "\xfb\xff\xfe", "(none)"},
  };
  for (const auto& row : rows) {
    SUBCASE(row.name) {
      CHECK(decoded(row.text, Base64::standard) == row.standard);
      CHECK(decoded(row.text, Base64::url) == row.url);
    }
  }
}

}  // namespace cred::test
