// SPDX-License-Identifier: MIT
#include "helper/text/shell_words.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("words as people copy them into a shell") {
  CHECK(shell_command({"mv", "a b", "it's"}) == R"(mv 'a b' 'it'\''s')");
  CHECK(shell_command({"chmod", "600", "/etc/x-y_z:1,2+3@4%.json"}) ==
        "chmod 600 /etc/x-y_z:1,2+3@4%.json");
  CHECK(shell_command({"rm", ""}) == "rm ''");
  CHECK(shell_command({"echo", "$HOME;`x`*"}) == "echo '$HOME;`x`*'");
  CHECK(shell_command({"cat", "b\u00fccher"}) == "cat 'b\u00fccher'");
}

TEST_CASE("a word that cannot be shown for what it is makes no command") {
  for (const char* word : {"a\nb", "a\x1b[2J", "\u202ea", "\u009b", "\xff", "a\tb"}) {
    CHECK(shell_command({"rm", word}).empty());
  }
}

TEST_CASE("one command after another") {
  CHECK(shell_sequence("a", "b") == "a && b");
  CHECK(shell_sequence("", "b").empty());
  CHECK(shell_sequence("a", "").empty());
}

}  // namespace cred::test
