// SPDX-License-Identifier: MIT
#include "helper/files/login_format.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("the format of a file goes by its name") {
  CHECK(&format_of("config.json") == &kDockerConfigFormat);
  CHECK(&format_of(".dockercfg") == &kDockercfgFormat);
  CHECK(&format_of("auth.json") == &kAuthFileFormat);
  CHECK(&format_of("daemon.json") == &kDockerConfigFormat);
}

TEST_CASE("under which server the credential of an entry is stored") {
  struct Row {
    const char* name;
    std::string key;
    std::string others;  // further entries
    std::string for_docker, for_containers_tools;
  };
  const Row rows[] = {
      {"as it is", "h:5000", "", "h:5000", "h:5000"},
      {"a scheme and /v1/", "https://h/v1/", "", "https://h/v1/", "h"},
      {"more behind the host", "https://h/some/where", "", "h", "h"},
      {"another entry has the host", "https://h/some/where", R"(,"h":{"auth":"YTpi"})",
       "https://h/some/where", "https://h/some/where"},
      {"Docker Hub", "https://index.docker.io/v1/", "", "https://index.docker.io/v1/",
       "https://index.docker.io/v1/"},
      {"a token beside the login of Docker Hub", "https://index.docker.io/v1/access-token", "",
       "https://index.docker.io/v1/access-token", "index.docker.io"},
      {"a part of a registry", "h/team", "", "h/team", "h"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const DockerConfig config =
          DockerConfig::parse(R"({"auths":{")" + row.key + R"(":{})" + row.others + "}}");
      CHECK(kDockerConfigFormat.server_in_store(config, row.key) == row.for_docker);
      CHECK(kAuthFileFormat.server_in_store(config, row.key) == row.for_containers_tools);
    }
  }
}

}  // namespace cred::test
