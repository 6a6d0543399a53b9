// SPDX-License-Identifier: MIT
// The attributes of our items, when the keyring may ask, and where its lock lies.
#include "platform/keyring/layout.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "platform/keyring/status.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("keyring layout: the attributes of docker-credential-secretservice") {
  CHECK(our_attributes() ==
        Attributes{{"docker_cli", "1"}, {"xdg:schema", "io.docker.Credentials"}});
  const Attributes with = with_server(our_attributes(), "r.example");
  CHECK(with.size() == 3);
  CHECK(value_of(with, "server") == "r.example");
  CHECK(value_of(with, "username").empty());
}

TEST_CASE("keyring layout: a prompt needs a display of this machine, if nothing is set") {
  struct Row {
    const char* name;
    std::map<std::string, std::string, std::less<>> variables;
    Prompting prompting;
    bool may_ask;
  };
  const Row rows[] = {
      {"nothing", {}, Prompting::automatic, false},
      {"X11", {{"DISPLAY", ":0"}}, Prompting::automatic, true},
      {"Wayland", {{"WAYLAND_DISPLAY", "wayland-0"}}, Prompting::automatic, true},
      {"SSH", {{"DISPLAY", ":0"}, {"SSH_CONNECTION", "a"}}, Prompting::automatic, false},
      {"an older SSH", {{"DISPLAY", ":0"}, {"SSH_CLIENT", "a"}}, Prompting::automatic, false},
      {"SSH's terminal", {{"DISPLAY", ":0"}, {"SSH_TTY", "a"}}, Prompting::automatic, false},
      {"set to always", {{"SSH_TTY", "a"}}, Prompting::always, true},
      {"set to never", {{"DISPLAY", ":0"}}, Prompting::never, false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      Environment environment;
      for (const auto& [name, value] : row.variables) environment.variables[name] = value;
      CHECK(may_ask(environment, row.prompting) == row.may_ask);
    }
  }
}

TEST_CASE("keyring layout: where the keyring's lock lies") {
  const TemporaryFolder folder;
  Environment environment;
  environment.uid = geteuid();
  environment.variables["HOME"] = folder.path();
  environment.variables["XDG_RUNTIME_DIR"] = folder.path() / "run";
  const PromptLock lock = lock_keyring(environment, std::chrono::milliseconds(10));
  CHECK(std::filesystem::exists(environment.state_folder() / "keyring.lock"));
}

}  // namespace cred::test
