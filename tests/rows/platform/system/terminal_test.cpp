// SPDX-License-Identifier: MIT
#include "platform/system/terminal.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/system/error.h"
#include "tests/lab/pseudo_terminal.h"

namespace cred::test {
namespace {

// Printable is what does not steer a terminal.
const std::string kPrompt = "word\x1b[2J? ";
const std::string kShown = "[2J? ";

std::string line() { return Terminal::open()->ask_line(kPrompt).value_or("(nothing)"); }

std::string secret() {
  try {
    const auto answer = Terminal::open()->ask_secret(kPrompt, std::chrono::minutes(10));
    if (!answer.given) return "(nothing)";
    return '"' +
           std::string(reinterpret_cast<const char*>(answer.text.data()), answer.text.size()) + '"';
  } catch (const Error& failure) {
    return failure.what();
  }
}

}  // namespace

TEST_CASE("a line that is asked for at a terminal") {
  struct Row {
    const char* name;
    std::string typed;
    std::string given;
  };
  const Row rows[] = {
      {"one", "ada l\n", "ada l"},
      {"an empty one", "\n", ""},
      {"the end of the input", "\x04", "(nothing)"},
      {"the end of the input within it", "ada\x04\x04", "ada"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(at_terminal(kShown, row.typed, line).result == row.given); }
  }
}

TEST_CASE("a secret that is asked for at a terminal") {
  struct Row {
    const char* name;
    std::string typed;
    std::string given;
  };
  const std::string longest(Terminal::kLongestSecret, 'x');
  const Row rows[] = {
      {"one", "hunter2\n", "\"hunter2\""},
      {"an empty one", "\n", "\"\""},
      {"the end of the input", "\x04", "\"\""},
      {"the longest", longest + '\n', '"' + longest + '"'},
      {"a longer one", longest + "x\n", "the passphrase is longer than 1023 bytes"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const Conversation conversation = at_terminal(kShown, row.typed, secret);
      CHECK(conversation.result == row.given);
      CHECK(conversation.shown.find_first_of("hx\x1b") == std::string::npos);
    }
  }
}

TEST_CASE("where there is no terminal, there is nobody to ask") {
  const auto is_there = [] { return std::string(Terminal::open() ? "yes" : "no"); };
  CHECK(at_terminal("never shown", "", is_there).result == "yes");
  CHECK(without_terminal(is_there) == "no");
}

TEST_CASE("how wide lines may be, where no terminal says it") {
  CHECK(terminal_width(-1, "") == kUsualWidth);
  CHECK(terminal_width(-1, "120") == 120);
  CHECK(terminal_width(-1, "wide") == kUsualWidth);
  CHECK(terminal_width(-1, "0") == kUsualWidth);
  CHECK(terminal_width(-1, "3") == 20);
  CHECK(terminal_width(-1, "-5") == kUsualWidth);
}

}  // namespace cred::test
