// SPDX-License-Identifier: MIT
#include "helper/text/tilde.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("a path in the home of the user begins with ~, where a shell reads it so") {
  struct Row {
    const char* home;
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {"/home/ada", "/home/ada/key", "~/key"},
      {"/home/ada", "in /home/ada/a, and in /home/ada/b", "in ~/a, and in ~/b"},
      {"/home/ada", "unix:/home/ada/bus", "unix:~/bus"},
      {"/home/ada", "/home/adam/key", "/home/adam/key"},
      {"/home/ada", "/mnt/home/ada/key", "/mnt/home/ada/key"},
      {"/home/ada", "/home/ada", "/home/ada"},
      {"/home/ada/", "/home/ada/key", "~/key"},
      {"/", "/key", "/key"},
      {"/", "https://reg.example", "https://reg.example"},
      {"", "/home/ada/key", "/home/ada/key"},   // not set: a shell finds nothing there
      {".", "/home/ada/key", "/home/ada/key"},  // not where we look
  };
  for (const Row& row : rows) {
    CAPTURE(row.home);
    CAPTURE(row.text);
    Environment environment;
    environment.account_home = "/home/ada";
    environment.variables["HOME"] = row.home;
    CHECK(with_tilde(row.text, environment) == row.expected);
  }
}

}  // namespace cred::test
