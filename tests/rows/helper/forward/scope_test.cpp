// SPDX-License-Identifier: MIT
#include "helper/forward/scope.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("a login is given by the name that it is stored under, and no other") {
  struct Row {
    const char* forwarded;
    const char* stored;
    bool is_given;
  };
  const Row rows[] = {
      {"reg.example:5000", "reg.example:5000", true},
      {"reg.example:5000", "https://REG.example:5000/v2/", true},
      {"https://reg.example", "http://reg.example", true},
      {"reg.example", "reg.example:5000", false},
      {"reg.example/team", "reg.example", false},
      {"reg.example", "reg.example/team", false},
      {"reg.example/team", "reg.example/team", true},
      {"reg.example/team", "reg.example/team/app", false},
      {"reg.example/team", "reg.example/teammate", false},
      {"docker.io", "https://index.docker.io/v1/", true},
      {"docker.io", "https://index.docker.io/v1/access-token", false},
      {"https://index.docker.io/v1/refresh-token", "https://index.docker.io/v1/refresh-token",
       true},
      {"https://index.docker.io/v1/refresh-token", "https://index.docker.io/v1/", false},
      {"a note", "a note", true},
      {"a note", "A note", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.forwarded);
    CAPTURE(row.stored);
    CHECK(serves({{row.forwarded}}, row.stored) == row.is_given);
  }
}

TEST_CASE("all servers are all but docker's tokens, which have to be named") {
  const std::string token = "https://index.docker.io/v1/access-token";
  CHECK(serves({{}, true}, "anything"));
  CHECK(serves({{}, true}, "https://index.docker.io/v1/"));
  CHECK_FALSE(serves({{}, true}, token));
  CHECK(serves({{token}, true}, token));
  CHECK_FALSE(serves({}, "anything"));
  CHECK(scope_text({{"a", "b"}}) == "a, b");
  CHECK(scope_text({{"a"}, true}) == "all servers, and a");
}

}  // namespace cred::test
