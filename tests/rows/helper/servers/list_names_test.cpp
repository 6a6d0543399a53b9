// SPDX-License-Identifier: MIT
#include "helper/servers/list_names.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("what `list` calls the servers") {
  using Usernames = std::map<std::string, std::string>;
  const std::string hub = "https://index.docker.io/v1/";
  struct Row {
    const char* name;
    Usernames stored, docker, containers;
  };
  const Row rows[] = {
      {"nothing", {}, {}, {}},
      {"as podman stores the Hub", {{"docker.io", "u"}}, {{hub, "u"}}, {{"docker.io", "u"}}},
      {"as docker does", {{hub, "u"}}, {{hub, "u"}}, {{"docker.io", "u"}}},
      {"the Hub in three spellings, by the one that answers",
       {{"docker.io", "a"}, {"http://docker.io", "b"}, {"https://registry-1.docker.io", "c"}},
       {{hub, "c"}},
       {{"docker.io", "a"}}},
      {"its own key before others",
       {{"docker.io", "a"}, {hub, "b"}},
       {{hub, "b"}},
       {{"docker.io", "a"}}},
      {"spellings of another registry",
       {{"http://reg", "a"}, {"https://Reg/v2/", "b"}},
       {{"http://reg", "a"}, {"https://Reg/v2/", "b"}},
       {{"reg", "b"}}},
      {"a port", {{"https://reg:5000", "a"}}, {{"https://reg:5000", "a"}}, {{"reg:5000", "a"}}},
      {"a part", {{"docker.io/team", "a"}}, {{"docker.io/team", "a"}}, {}},
      {"a token of the Hub", {{hub + "access-token", "a"}}, {{hub + "access-token", "a"}}, {}},
      {"no server", {{"", "a"}, {" ", "b"}, {"reg", "c"}}, {{"reg", "c"}}, {{"reg", "c"}}},
      {"no address", {{"not a server", "a"}}, {{"not a server", "a"}}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(named_for_list(row.stored, ListNames::docker) == row.docker);
    CHECK(named_for_list(row.stored, ListNames::containers) == row.containers);
  }
}

}  // namespace cred::test
