// SPDX-License-Identifier: MIT
#include "helper/cli/colours.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "platform/text/notes.h"

namespace cred::test {

TEST_CASE("--color is taken out of a command line, wherever it stands before --") {
  using Words = std::vector<std::string>;
  const struct {
    Words arguments;
    std::optional<ColourChoice> choice;
    Words rest;
  } rows[] = {
      {{"a", "b"}, ColourChoice::automatic, {"a", "b"}},
      {{"--color=always", "a"}, ColourChoice::always, {"a"}},
      {{"a", "--color", "never", "b"}, ColourChoice::never, {"a", "b"}},
      {{"a", "--color=auto"}, ColourChoice::automatic, {"a"}},
      {{"--color=red"}, std::nullopt, {}},
      {{"--color"}, std::nullopt, {"--color"}},
      {{"--colors=always"}, ColourChoice::automatic, {"--colors=always"}},
      {{"a", "--", "--color=always"}, ColourChoice::automatic, {"a", "--", "--color=always"}},
  };
  for (const auto& row : rows) {
    Words arguments = row.arguments;
    CHECK(take_colour_choice(arguments) == row.choice);
    CHECK(arguments == row.rest);
  }
}

TEST_CASE("what is painted is made safe, and plain where there is no colour") {
  Environment environment;
  environment.variables["TERM"] = "xterm";
  const Colours always(ColourChoice::always, STDOUT_FILENO, environment);
  const Colours never(ColourChoice::never, STDOUT_FILENO, environment);
  const Colours none;
  CHECK(safe_line(always.bad("FIX"), " x\x1b[2J") == "\x1b[1;31mFIX\x1b[0m x?[2J");
  CHECK(safe_line(always.strong("a\x1b[2J")) == "\x1b[1ma?[2J\x1b[0m");
  CHECK(safe_line(never.bad("FIX"), none.good("ok")) == "FIXok");
  const Colours automatic(ColourChoice::automatic, -1, environment);  // no terminal
  CHECK(safe_line(automatic.bad("FIX")) == "FIX");
}

}  // namespace cred::test
