// SPDX-License-Identifier: MIT
#include "helper/cli/confirm.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/system/error.h"
#include "tests/lab/pseudo_terminal.h"

namespace cred::test {
namespace {

// "done", or what is said instead.
std::string outcome_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& failure) {
    return failure.what();
  }
  return "done";
}

std::string ask() {
  return outcome_of([] { confirm("This ends it. Go on?", "nothing was done"); });
}

}  // namespace

TEST_CASE("only a yes goes on") {
  struct Row {
    const char* name;
    std::string typed;
    std::string outcome;
  };
  const Row rows[] = {
      {"y", "y\n", "done"},
      {"a capital Y", "Y\n", "done"},
      {"yes", "yes\n", "done"},
      {"no", "n\n", "nothing was done"},
      {"nothing", "\n", "nothing was done"},
      {"something else that begins so", "yesterday\n", "nothing was done"},
      {"the end of the input", "\x04", "nothing was done"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const Conversation conversation = at_terminal("[y/N] ", row.typed, ask);
      CHECK(conversation.result == row.outcome);
      CHECK(conversation.shown.starts_with("This ends it. Go on? [y/N] "));
    }
  }
}

TEST_CASE("where nobody can be asked, --yes is named") {
  const std::string refusal = "nothing was done; give --yes where nobody can be asked";
  CHECK(without_terminal(ask) == refusal);
  const auto require = [] { return outcome_of([] { require_somebody("nothing was done"); }); };
  CHECK(without_terminal(require) == refusal);
  CHECK(at_terminal("never shown", "", require).result == "done");
}

}  // namespace cred::test
