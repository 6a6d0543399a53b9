// SPDX-License-Identifier: MIT
#include "helper/files/kubelet_patterns.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "helper/kubelet/config.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

using Patterns = std::optional<std::vector<std::string>>;

TEST_CASE("the patterns of this program in a kubelet's configuration") {
  struct Row {
    const char* name;
    std::string text;
    Patterns patterns;
  };
  const std::string ours = "name: docker-credential-keyring\n";
  const Row rows[] = {
      {"as it is printed",
       write_provider_config({.patterns = {"*.example.com", "nexus:8082"},
                              .environment = {{"DOCKER_CREDENTIAL_KEYRING_STORE", "vault"}}}),
       {{"*.example.com", "nexus:8082"}}},
      {"no dash is moved in",
       "providers:\n- " + ours + "  matchImages:\n  - a.example\n  apiVersion: v1\n",
       {{"a.example"}}},
      {"beside others",
       "kind: X\nproviders:\n  - name: other\n    matchImages: [o.example]\n  - matchImages:\n"
       "      - 'a.example' # why\n\n      # and\n      - b.example\n    " +
           ours + "    env:\n      - name: HOME\n        value: /root\n  - name: third\n",
       {{"a.example", "b.example"}}},
      {"in one line",
       "providers:\n  - " + ours + "    matchImages: [\"a.example\", b.example]\n",
       {{"a.example", "b.example"}}},
      {"over several lines",
       "providers:\n  - " + ours + "    matchImages: [\n      a.example,\n      b.example ]\n",
       {{"a.example", "b.example"}}},
      {"behind the list", "providers:\n  - name: other\nx:\n  - " + ours, {}},
      {"a name of something else", "providers:\n  - name: other\n    env:\n      - " + ours, {}},
      {"none of the images", "providers:\n  - " + ours, {{}}},
      {"on one line", "providers: [{" + ours.substr(0, ours.size() - 1) + "}]\n", {}},
      {"a dash alone", "providers:\n  - \n  -\n", {}},
      {"nothing", "", {}},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(match_images(row.text) == row.patterns); }
  }
}

TEST_CASE("what of the stored the kubelet does not ask for") {
  const KubeletPatterns kubelet{"f", {"*.example.com", "reg.example/team", "docker.io"}};
  const std::vector<std::string> servers = {"https://index.docker.io/v1/",
                                            "a.example.com",
                                            "a.example.com:8082",
                                            "https://reg.example",
                                            "reg.example",
                                            "reg.example/team",
                                            "no registry"};
  CHECK(kubelet.uncovered(servers) ==
        std::vector<std::string>{"a.example.com:8082", "reg.example"});
  CHECK(kubelet.uncovered({}).empty());
}

TEST_CASE("where the kubelet's configuration is") {
  const TemporaryFolder root;
  CHECK_FALSE(find_kubelet_patterns(root.path()));
  root.write("var/lib/rancher/credentialprovider/config.yaml",
             "providers:\n  - name: docker-credential-keyring\n    matchImages: [k3s.example]\n");
  root.write("etc/kubernetes/credential-provider.yaml", "providers:\n  - name: other\n");
  const auto found = find_kubelet_patterns(root.path());
  REQUIRE(found);
  CHECK(found->patterns == std::vector<std::string>{"k3s.example"});
}

}  // namespace cred::test
