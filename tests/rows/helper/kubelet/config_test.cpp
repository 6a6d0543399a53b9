// SPDX-License-Identifier: MIT
#include "helper/kubelet/config.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "platform/system/error.h"
#include "tests/lab/refusal.h"

namespace cred::test {
TEST_CASE("what people name, as the kubelet matches it") {
  struct Row {
    const char* name;
    std::string registry;
    std::string pattern;  // empty: refused
  };
  const Row rows[] = {
      {"a host", "quay.io", "quay.io"},
      {"a port", "nexus:8083", "nexus:8083"},
      {"a path", "quay.io/team/app", "quay.io/team/app"},
      {"a final slash", "quay.io/", "quay.io"},
      {"capitals", "Quay.IO/Team", "quay.io/Team"},
      {"localhost", "localhost", "localhost"},
      {"Hub", "docker.io", "docker.io"},
      {"Hub by another name", "index.docker.io", "docker.io"},
      {"one label", "*.example.com", "*.example.com"},
      {"a part of a label", "app*.example.com:8083/team", "app*.example.com:8083/team"},
      {"several", "*.*.example.com", "*.*.example.com"},
      {"the last label", "k8s.*", "k8s.*"},
      {"a scheme", "https://quay.io", ""},
      {"docker's name of the Hub", "https://index.docker.io/v1/", ""},
      {"a * in the port", "quay.io:*", ""},
      {"a * in the path", "quay.io/*", ""},
      {"another glob", "quay?.io", ""},
      {"a set of letters", "[a-z].io", ""},
      {"no host that an image could have", "quay", ""},
      {"a * alone", "*", ""},
      {"IPv6 with a port", "[::1]:5000/Team", "[::1]:5000/Team"},
      {"IPv6 without one", "[::1]", ""},
      {"without its brackets", "::1", ""},
      {"nothing", "", ""},
      {"a blank", "quay.io /team", ""},
      {"a user", "ada@quay.io", ""},
      {"a port that is none", "quay.io:http", ""},
      {"a query", "quay.io/a?b", ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      std::string pattern;
      const std::string refusal = refusal_of([&] { pattern = match_pattern(row.registry); });
      CHECK(pattern == row.pattern);
      CHECK(refusal.empty() == !row.pattern.empty());
      CHECK(refusal.starts_with(refusal.empty() ? "" : row.registry));
    }
  }
}

TEST_CASE("what the kubelet takes for a set of letters is named so") {
  for (const char* registry : {"[::1]", "::1", "[::1]/team"}) {
    CAPTURE(registry);
    const std::string refusal = refusal_of([&] { static_cast<void>(match_pattern(registry)); });
    CHECK(refusal.find("[ADDRESS]:PORT") != std::string::npos);
  }
}

TEST_CASE("the configuration, to the byte") {
  const std::string head =
      "apiVersion: kubelet.config.k8s.io/v1\n"
      "kind: CredentialProviderConfig\n"
      "providers:\n"
      "  - name: docker-credential-keyring\n"
      "    apiVersion: credentialprovider.kubelet.k8s.io/v1\n"
      "    args:\n"
      "      - kubelet\n"
      "    matchImages:\n";
  CHECK(write_provider_config({.patterns = {"docker.io", "*.example.com:8083/team"}}) ==
        head +
            "      - \"*.example.com:8083/team\"\n"
            "      - \"docker.io\"\n"
            "    defaultCacheDuration: \"10m0s\"\n");
  CHECK(
      write_provider_config({.patterns = {"docker.io"}, .environment = {{"A", "/a \"b\": #c"}}}) ==
      head +
          "      - \"docker.io\"\n"
          "    defaultCacheDuration: \"10m0s\"\n"
          "    env:\n"
          "      - name: A\n"
          "        value: \"/a \\\"b\\\": #c\"\n");
  CHECK_THROWS_AS(static_cast<void>(write_provider_config(
                      {.patterns = {"docker.io"}, .environment = {{"A", "\xff"}}})),
                  Error);
}

TEST_CASE("a cache time of its own, and the kubelet's options") {
  const std::string text = write_provider_config({.patterns = {"docker.io"},
                                                  .cache_time = std::chrono::minutes(1),
                                                  .program = "/usr/bin/docker-credential-keyring"});
  CHECK(text.starts_with("# Save this file"));
  CHECK(text.find("#   --image-credential-provider-bin-dir=/usr/bin\n") != std::string::npos);
  CHECK(text.find("      - kubelet\n      - \"--cache-duration=60s\"\n") != std::string::npos);
  CHECK(text.find("    defaultCacheDuration: \"1m0s\"\n") != std::string::npos);
  CHECK(go_duration(std::chrono::minutes(10)) == "10m0s");
  CHECK(go_duration(std::chrono::seconds(3'723)) == "1h2m3s");
  CHECK(go_duration(std::chrono::seconds(5)) == "5s");
}

}  // namespace cred::test
