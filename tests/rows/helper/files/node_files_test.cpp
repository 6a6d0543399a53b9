// SPDX-License-Identifier: MIT
#include "helper/files/node_files.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("which texts of a node give a login") {
  struct Row {
    const char* name;
    std::string text;
    bool gives;
  };
  const Row rows[] = {
      {"TOML", "[x.auth]\n  username = \"ada\"\n  password = \"p\"\n", true},
      {"TOML, base64", "auth = \"YWRhOnA=\"\n", true},
      {"TOML, in a line", "auth = {username = \"ada\", password = \"p\"}\n", true},
      {"TOML, a token", "identitytoken = 't'\n", true},
      {"TOML, nothing set", "password = \"\"\n", false},
      {"TOML, a comment", "# password = \"p\"\n", false},
      {"TOML, another name", "password_file = \"/x\"\n", false},
      {"YAML", "configs:\n  h:\n    auth:\n      username: ada\n      password: p\n", true},
      {"YAML, quoted", "      \"password\": 'p'\r\n", true},
      {"YAML, no login", "mirrors:\n  h:\n    endpoint: [\"https://h\"]\n", false},
      {"YAML, a comment behind", "password: # none\n", false},
      {"nothing", "", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(gives_credential(row.text) == row.gives); }
  }
  CHECK(value_in("a = 1\nb = \"2\"\n", "b") == "2");
  CHECK(value_in("a = 1\n", "b") == std::nullopt);
}

TEST_CASE("the PATH that sudo sets") {
  CHECK(secure_path_of("Defaults\tsecure_path=\"/usr/bin:/bin\"\n") == "/usr/bin:/bin");
  CHECK(secure_path_of("Defaults secure_path = /usr/bin:/bin\n") == "/usr/bin:/bin");
  CHECK(secure_path_of("Defaults env_reset\nroot ALL=(ALL) ALL\n") == std::nullopt);
  CHECK(secure_path_of("#Defaults secure_path=/usr/bin\n") == std::nullopt);
  CHECK(secure_path_of("Defaults secure_path=/usr/bin\nDefaults !secure_path\n") == std::nullopt);
}

}  // namespace cred::test
