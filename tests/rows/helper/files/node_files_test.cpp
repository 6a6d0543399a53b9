// SPDX-License-Identifier: MIT
#include "helper/files/node_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("which TOML gives a login") {
  struct Row {
    const char* name;
    std::string text;
    bool gives;
  };
  const Row rows[] = {
      {"a table", "[x.auth]\n  username = \"ada\"\n  password = \"p\"\n", true},
      {"base64", "auth = \"YWRhOnA=\"\n", true},
      {"in a line", "auth = {username = \"ada\", password = \"p\"}\n", true},
      {"in a line, a login without a password", "auth = {username = \"ada\"}\n", false},
      {"in a line, deep", "a.b = {c = [{d = {password = 'p'}}]}\n", true},
      {"dotted", "plugins.x.auth.password = 'p'\n", true},
      {"in three quotes", "password = \"\"\"\np\"\"\"\n", true},
      {"a token", "identitytoken = 't'\n", true},
      {"a header", "[host.'https://h'.header]\nAuthorization = ['Basic eDp5']\n", true},
      {"nothing set", "password = \"\"\n", false},
      {"a comment", "# password = \"p\"\n", false},
      {"in a text", "note = 'password = p'\n", false},
      {"another name", "password_file = \"/x\"\n", false},
      {"broken", "[[\npassword = \"p\"\n", true},
      {"broken, without", "[[\nuser = \"p\"\n", false},
      {"nothing", "", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(toml_gives_credential(row.text) == row.gives); }
  }
  CHECK(toml_value("a = 1\n[x.y]\nb = \"2\" # \"3\"\n", "b") == "2");
  CHECK(toml_value("b = ''\nx = {b = '2'}\n", "b") == "2");
  CHECK(toml_value("a = 1\n", "b") == std::nullopt);
  CHECK(toml_value("#b = '1'\n", "b") == std::nullopt);
  CHECK(toml_value("b = '1'\n[[\n", "b") == std::nullopt);
}

TEST_CASE("which YAML gives a login") {
  struct Row {
    const char* name;
    std::string text;
    bool gives;
  };
  const Row rows[] = {
      {"a map", "configs:\n  h:\n    auth:\n      username: ada\n      password: p\n", true},
      {"quoted", "      \"password\": 'p'\r\n", true},
      {"in a line", "configs: {\"h:5000\": {auth: {username: ada, password: p}}}\n", true},
      {"in a line, as JSON", R"({"configs":{"h":{"auth":{"username":"ada","password":"p"}}}})",
       true},
      {"in a line, the first", "auth: { password: p, username: ada }\n", true},
      {"in a line, nothing set", "auth: {username: ada, password: \"\"}\n", false},
      {"in a line, null", "auth: {username: ada, password: ~, token: null}\n", false},
      {"in a line, in a text", "note: {a: \"x, password: p\"}\n", false},
      {"in a line, no login", "mirrors: {h: {endpoint: [\"https://h\"]}}\n", false},
      {"in a list", "- password: p\n", true},
      {"a block", "password: |\n  p\n", true},
      {"an apostrophe is no quote", "note: it's, password: p\n", true},
      {"no login", "mirrors:\n  h:\n    endpoint: [\"https://h\"]\n", false},
      {"a comment behind", "password: # none\n", false},
      {"a comment", "#auth: {password: p}\n", false},
      {"nothing", "", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(yaml_gives_credential(row.text) == row.gives); }
  }
}

TEST_CASE("where a node's services find credentials") {
  const TemporaryFolder folder;
  const std::vector<std::string> files{".docker/config.json",
                                       "etc/containerd/certs.d/h.example/hosts.toml",
                                       "etc/containerd/conf.d/10-auth.toml",
                                       "etc/containerd/config.toml",
                                       "etc/crio/auth.json",
                                       "etc/rancher/k3s/registries.yaml",
                                       "etc/rancher/rke2/registries.yaml",
                                       "var/lib/kubelet/config.json"};
  for (const auto& file : files) {
    folder.write(file, file.ends_with(".json")  ? R"({"auths":{"h":{"auth":"YWRhOnA="}}})"
                       : file.ends_with("yaml") ? "auth: {password: p}\n"
                                                : "auth = {password = 'p'}\n");
  }
  folder.write("etc/crio/crio.conf.d/10-auth.conf",
               "[crio.image]\nglobal_auth_file = '/etc/crio/auth.json'\n");
  std::vector<std::string> found;
  for (const auto& file : inspect_node_files(folder.path())) {
    CHECK(file.holds_credentials);
    found.push_back(std::filesystem::relative(file.file.path, folder.path()));
  }
  std::ranges::sort(found);
  CHECK(found == files);
}

TEST_CASE("the PATH that sudo sets") {
  CHECK(secure_path_of("Defaults\tsecure_path=\"/usr/bin:/bin\"\n") == "/usr/bin:/bin");
  CHECK(secure_path_of("Defaults secure_path = /usr/bin:/bin\n") == "/usr/bin:/bin");
  CHECK(secure_path_of("Defaults env_reset\nroot ALL=(ALL) ALL\n") == std::nullopt);
  CHECK(secure_path_of("#Defaults secure_path=/usr/bin\n") == std::nullopt);
  CHECK(secure_path_of("Defaults secure_path=/usr/bin\nDefaults !secure_path\n") == std::nullopt);
}

}  // namespace cred::test
