// SPDX-License-Identifier: MIT
#include "helper/servers/image_pattern.h"

#include <doctest/doctest.h>

#include <utility>

namespace cred::test {

TEST_CASE("what is stored, as the kubelet matches it") {
  const std::pair<std::string, std::optional<std::string>> rows[] = {
      {"nexus:8083", "nexus:8083"},
      {"https://Reg.example:8083/v2/", "reg.example:8083"},
      {"http://reg.example/team", "reg.example/team"},
      {"https://index.docker.io/v1/", "docker.io"},
      {"https://index.docker.io/v1/access-token", std::nullopt},
      {"reg", std::nullopt},
      {"[::1]:5000", "[::1]:5000"},
      {"https://[::1]:5000/v2/", "[::1]:5000"},
      {"[::1]", std::nullopt},
      {"[k8s*.example]:5000", std::nullopt},
      {"[66*..]:5000", std::nullopt},
      {"*.Jfrog.example", "*.jfrog.example"},
      {"https://k8s.*.example/v1/", "k8s.*.example"},
      {"*.reg.example:5000/Team/", "*.reg.example:5000/Team"},
      {"inde*.docker.io", "inde*.docker.io"},
      {"*", std::nullopt},
      {"reg.example/*", std::nullopt},
      {"reg.example:*", std::nullopt},
      {"not a server", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : rows) {
    const auto& stored = row.first;
    const auto& pattern = row.second;
    CAPTURE(stored);
    CHECK(image_pattern(stored) == pattern);
  }
}

TEST_CASE("which images a glob matches, as in the kubelet") {
  struct Row {
    std::string pattern, registry, path;
    bool matched;
  };
  const Row rows[] = {
      {"*.jfrog.example", "demo-api.jfrog.example", "apidemo", true},
      {"*.jfrog.example", "jfrog.example", "app", false},
      {"*.jfrog.example", "a.b.jfrog.example", "app", false},
      {"*.jfrog.example", "demo.jfrog.example:5000", "app", false},
      {"*.jfrog.example", "demo.jfrog.example.org", "app", false},
      {"k8s.*.example", "k8s.eu.example", "app", true},
      {"k8s.*.example", "k9s.eu.example", "app", false},
      {"k8s.*", "k8s.io", "app", true},
      {"app*.reg.example", "app12.reg.example", "app", true},
      {"app*.reg.example", "app.reg.example", "app", true},
      {"a*b*c.example", "axxbxxbc.example", "app", true},
      {"a*b*c.example", "acb.example", "app", false},
      {"*.reg.example:5000", "a.reg.example:5000", "app", true},
      {"*.reg.example:5000", "a.reg.example", "app", false},
      {"*.*.multi.example", "a.b.multi.example", "app", true},
      {"*.*.multi.example", "b.multi.example", "app", false},
      {"*.reg.example/team", "a.reg.example", "team/app", true},
      {"*.reg.example/team", "a.reg.example", "teammate", true},
      {"*.reg.example/team", "a.reg.example", "other", false},
      {"*.reg.example", "[::1]:5000", "app", false},
      // What would take longer than anybody lives, were every * tried with every letter.
      {"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab.example", std::string(200, 'a') + ".example", "app",
       false},
      {std::string(1'000, '*') + ".example", std::string(100'000, 'a') + ".example", "app", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.registry);
    CAPTURE(row.path);
    CHECK(matches(row.pattern, {row.registry, row.path}) == row.matched);
  }
}

TEST_CASE("which pattern stands for all that another one does") {
  struct Row {
    const char* pattern;
    const char* part;
    bool covers;
  };
  const Row rows[] = {
      {"reg.example", "reg.example", true},
      {"reg.example", "reg.example/team", true},
      {"reg.example/team", "reg.example", false},
      {"reg.example", "reg.example:5000", false},
      {"*.example", "reg.example", true},
      {"*.example", "a.reg.example", false},
      {"*.example:5000", "reg.example:5000/team", true},
      {"*.example", "*.example", true},
      {"a*.example", "*.example", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.part);
    CHECK(covers(row.pattern, row.part) == row.covers);
  }
}

}  // namespace cred::test
