// SPDX-License-Identifier: MIT
#include "helper/servers/server_address.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cred::test {

TEST_CASE("which stored spelling answers for an asked one") {
  struct Row {
    const char* name;
    std::string stored, asked;
    bool answers;
  };
  const std::string hub = "https://index.docker.io/v1/";
  const Row rows[] = {
      {"scheme added", "reg:5000", "https://reg:5000", true},
      {"scheme missing", "https://reg:5000", "reg:5000", true},
      {"scheme in capitals", "HTTPS://reg", "reg", true},
      {"final slash", "reg:5000", "reg:5000/", true},
      {"/v1/", "reg:5000", "reg:5000/v1/", true},
      {"/v2", "https://reg:5000/v2", "reg:5000", true},
      {"case of the host", "Reg.Example", "reg.example", true},
      {"case of the path", "reg/Team", "reg/team", false},
      {"another port", "reg:5000", "reg:5001", false},
      {"a port and none", "reg:5000", "reg", false},
      {"none and a port", "reg", "reg:443", false},
      {"another host", "reg", "reg2", false},
      {"http question, https entry", "https://reg", "http://reg", false},
      {"http question, plain entry", "reg", "http://reg", true},
      {"https question, http entry", "http://reg", "https://reg", true},
      {"plain question, http entry", "http://reg", "reg", true},
      {"http question below an https entry", "https://reg", "http://reg/team", false},
      {"Hub: docker.io", hub, "docker.io", true},
      {"Hub: index.docker.io", hub, "index.docker.io", true},
      {"Hub: registry-1.docker.io", hub, "registry-1.docker.io", true},
      {"Hub: without the final slash", hub, "https://index.docker.io/v1", true},
      {"Hub: the other way round", "docker.io", hub, true},
      {"Hub: a repository", hub, "docker.io/library/app", true},
      {"Hub with a port is another", hub, "docker.io:5000", false},
      {"Hub is no suffix", hub, "my.docker.io", false},
      {"access token, asked by the registry", hub + "access-token", hub, false},
      {"access token, asked by a name", hub + "access-token", "docker.io", false},
      {"registry, asked for the access token", hub, hub + "access-token", false},
      {"registry, asked for the refresh token", hub, hub + "refresh-token", false},
      {"one token for the other", hub + "access-token", hub + "refresh-token", false},
      {"shorter path", "reg/team", "reg/team/app", true},
      {"the registry for a repository", "reg", "reg/team/app", true},
      {"the registry with a scheme for a repository", "https://reg/v2/", "reg/team/app", true},
      {"whole segments", "reg/team", "reg/teammate", false},
      {"a longer path never", "reg/team/app", "reg/team", false},
      {"a path below another port", "reg:5000", "reg/team", false},
      {"IPv6", "[::1]:5000", "https://[::1]:5000/v2/", true},
      {"a name in the brackets of IPv6", "[fe.ed]", "fe.ed", false},
      {"another scheme", "ftp://reg", "reg", false},
      {"user in front", "ada@reg", "reg", false},
      {"query behind", "reg?x", "reg", false},
      {"blank inside", "reg /team", "reg", false},
      {"two slashes", "reg//team", "reg", false},
      {"dot segments", "reg/team", "reg/team/../other", false},
      {"letters in the port", "reg:http", "reg", false},
      {"not ASCII", "rég", "RÉG", false},
      {"empty", "", "reg", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const std::vector<std::string> stored{row.stored};
      CHECK(answering_servers(row.asked, stored, true).size() == (row.answers ? 1 : 0));
    }
  }
}

TEST_CASE("the best spelling comes first") {
  struct Row {
    const char* name;
    std::vector<std::string> stored;
    std::string asked;
    std::vector<std::string> answers;
  };
  const Row rows[] = {
      {"the exact one is not ours to give", {"reg", "https://reg"}, "reg", {"https://reg"}},
      {"the scheme asked before others",
       {"http://reg", "reg", "https://reg/v2/"},
       "https://reg",
       {"https://reg/v2/", "reg", "http://reg"}},
      {"same registry before a shorter path",
       {"reg", "reg/team", "https://reg/team/app"},
       "reg/team/app",
       {"https://reg/team/app", "reg/team", "reg"}},
      {"nothing", {"other"}, "reg", {}},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(answering_servers(row.asked, row.stored, true) == row.answers); }
  }
  SUBCASE("without the fallback to shorter paths") {
    const std::vector<std::string> stored{"reg", "https://reg/team"};
    const std::vector<std::string> expected{"https://reg/team"};
    CHECK(answering_servers("reg/team", stored, false) == expected);
  }
}

TEST_CASE("what docker logout means by a registry") {
  struct Row {
    std::string a, b;
    bool same;
  };
  const std::string hub = "https://index.docker.io/v1/";
  const Row rows[] = {
      {"reg", "http://reg", true},
      {"http://reg", "https://reg/v2/", true},
      {hub, "docker.io", true},
      {"reg", "reg:5000", false},
      {"reg", "reg/team", false},
      {"reg/team", "https://reg/team/", true},
      {hub, hub + "refresh-token", false},
      {"no address", "no address", true},
      {"no address", "No address", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.a);
    CAPTURE(row.b);
    CHECK(same_registry(row.a, row.b) == row.same);
    CHECK(same_registry(row.b, row.a) == row.same);
  }
}

TEST_CASE("every usual spelling of a server names its registry") {
  struct Row {
    std::string server;
    std::size_t count;  // hosts × schemes × ends
  };
  const Row rows[] = {
      {"reg", 12},
      {"reg:5000", 12},
      {"reg/team", 6},
      {"https://index.docker.io/v1/", 36},
      {"docker.io/library", 18},
      {"docker.io:5000", 12},  // Docker Hub has its other names without a port alone
      {"https://index.docker.io:443/v1/", 12},
      {"[::1]:5000", 12},
      {"no address", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.server);
    const auto spellings = usual_spellings(row.server);
    CHECK(spellings.size() == row.count);
    for (const auto& spelling : spellings) {
      CAPTURE(spelling);
      CHECK(same_registry(spelling, row.server));
    }
  }
}

TEST_CASE("which spellings a store replaces") {
  struct Row {
    std::string server, other;
    bool replaced;
  };
  const std::string hub = "https://index.docker.io/v1/";
  const Row rows[] = {
      {"reg", "reg", false},
      {"reg", "REG/", true},
      {"reg", "https://reg/v2/", true},
      {"reg", "http://reg", true},
      {"reg", "reg:443", false},
      {"reg", "reg/team", false},
      {"https://reg", "reg", true},
      {"https://reg", "https://reg/v1/", true},
      {"https://reg", "http://reg", false},
      {"https://reg/team", "reg/team/", true},
      {"http://reg", "http://reg/v2/", true},
      {"http://reg", "reg", false},
      {"http://reg", "https://reg", false},
      {"docker.io", hub, true},
      {hub, "registry-1.docker.io", true},
      {hub, "http://docker.io", false},
      {hub, hub + "access-token", false},
      {hub + "access-token", hub, false},
      {"no address", "No address", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.server);
    CAPTURE(row.other);
    CHECK(is_replaced_by(row.other, row.server) == row.replaced);
  }
}

TEST_CASE("by what podman, skopeo and buildah ask") {
  const std::pair<std::string, std::string> rows[] = {
      {"reg:5000", "reg:5000"},
      {"https://reg/v1/", "reg"},
      {"reg/team", "reg"},
      {"https://index.docker.io/v1/", "docker.io"},
      {"index.docker.io", "docker.io"},
      {"registry-1.docker.io", "docker.io"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK(asked_by_containers_tools(row.first) == row.second);
  }
}

TEST_CASE("a server that could not be seen is shown in quotes") {
  CHECK(shown_server("reg") == "reg");
  CHECK(shown_server("") == R"("")");
  CHECK(shown_server(" ") == R"(" ")");
}

TEST_CASE("how the names of a server's images begin") {
  const std::pair<std::string, std::optional<std::string>> rows[] = {
      {"reg:5000", "reg:5000"},
      {"https://Reg.Example:5000/v2/", "reg.example:5000"},
      {"http://reg/Team/app/", "reg/Team/app"},
      {"https://index.docker.io/v1/", "docker.io"},
      {"registry-1.docker.io/library/app", "docker.io/library/app"},
      {"https://[::1]:5000/team", "[::1]:5000/team"},
      {"https://index.docker.io/v1/access-token", std::nullopt},
      {"ftp://reg", std::nullopt},
      {"not a server", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : rows) {
    const auto& server = row.first;
    const auto& prefix = row.second;
    CAPTURE(server);
    CHECK(image_prefix(server) == prefix);
  }
}

}  // namespace cred::test
