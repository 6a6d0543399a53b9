// SPDX-License-Identifier: MIT
#include "helper/cli/foreign_places.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cred::test {

TEST_CASE("root does not use what another user's variables name") {
  struct Row {
    const char* name;
    std::vector<std::string> foreign;
    Places places;
    std::vector<std::string> arguments;
    std::string own;  // the line for root's own, "" if it goes on
  };
  const std::string root_line = "env -u DOCKER_CONFIG docker-credential-keyring it";
  const Row rows[] = {
      {"nothing foreign", {}, Places::logins, {}, ""},
      {"docker's folder", {"DOCKER_CONFIG"}, Places::logins, {}, root_line},
      {"which a command for the vault does not use", {"DOCKER_CONFIG"}, Places::stores, {}, ""},
      {"nor one for a named file", {"DOCKER_CONFIG"}, Places::logins, {"--config", "/f"}, ""},
      {"nor so", {"DOCKER_CONFIG"}, Places::logins, {"--config=/f"}, ""},
      {"help", {"DOCKER_CONFIG"}, Places::logins, {"--help"}, ""},
      {"what sudo -E always brings", {"HOME", "XDG_RUNTIME_DIR"}, Places::logins, {}, ""},
      {"the vault's folder",
       {"HOME", "XDG_DATA_HOME"},
       Places::stores,
       {},
       "env -u XDG_DATA_HOME docker-credential-keyring it"},
      {"for a named file as well",
       {"XDG_STATE_HOME"},
       Places::logins,
       {"--config", "/a b"},
       "env -u XDG_STATE_HOME docker-credential-keyring it --config '/a b'"},
      {"all that are used",
       {"DOCKER_CONFIG", "XDG_DATA_HOME"},
       Places::logins,
       {"x"},
       "env -u DOCKER_CONFIG -u XDG_DATA_HOME docker-credential-keyring it x"},
      {"a service of the machine", {"XDG_DATA_HOME"}, Places::of_machine, {}, ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      Environment environment;
      for (const auto& name : row.foreign) {
        environment.foreign.push_back({name, "/home/ada/x", 4242});
      }
      const Command command{"it", "", nullptr, row.places};
      const auto refusal = refuse_foreign_places(command, row.arguments, environment);
      CHECK(refusal.has_value() == !row.own.empty());
      if (refusal) {
        const std::string end = "; for root's own: " + row.own;
        CHECK(refusal->reason.find("uid 4242") != std::string::npos);
        CHECK(refusal->reason.substr(refusal->reason.size() - end.size()) == end);
      }
    }
  }
}

}  // namespace cred::test
