// SPDX-License-Identifier: MIT
#include "helper/files/podman_remote.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("whether podman has a connection to another one") {
  struct Row {
    const char* name;
    std::string file, text;
    bool has_one;
  };
  const std::string user = "home/.config/containers/";
  const Row rows[] = {
      {"nothing", user + "storage.conf", "", false},
      {"a destination", user + "containers.conf",
       "[engine.service_destinations.a]\nuri = 'ssh://h'", true},
      {"the system's", "etc/containers/containers.conf", "[engine]\nremote = true", true},
      {"other settings", user + "containers.conf",
       "[engine]\nremote = false\n[engine.service_destinations]", false},
      {"no TOML", user + "containers.conf", "[", false},
      {"a connection", user + "podman-connections.json",
       R"({"Connection":{"Connections":{"a":{}}}})", true},
      {"none", user + "podman-connections.json", R"({"Connection":{"Connections":{}},"Farm":{}})",
       false},
      {"no JSON", user + "podman-connections.json", "{", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      folder.write(row.file, row.text);
      Environment environment;
      environment.variables["HOME"] = (folder.path() / "home").string();
      CHECK(has_podman_connection(environment, folder.path()) == row.has_one);
      environment.variables["XDG_CONFIG_HOME"] = "relative";
      CHECK(has_podman_connection(environment, folder.path()) == row.has_one);
      environment.variables["CONTAINER_HOST"] = "ssh://h";
      CHECK(has_podman_connection(environment, folder.path()));
    }
  }
}

}  // namespace cred::test
