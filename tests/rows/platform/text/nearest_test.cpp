// SPDX-License-Identifier: MIT
#include "platform/text/nearest.h"

#include <doctest/doctest.h>

#include <vector>

namespace cred::test {

TEST_CASE("what somebody may have meant") {
  const std::vector<std::string> names{"migrate", "restore", "doctor", "vault",
                                       "export",  "list",    "ls",     "store"};
  const struct {
    std::string typed;
    std::string meant;  // empty: nothing
  } rows[] = {
      {"migarte", "migrate"},
      {"migrat", "migrate"},
      {"migrates", "migrate"},
      {"migrete", "migrate"},
      {"docter", "doctor"},
      {"doc", "doctor"},
      {"vualt", "vault"},
      {"lst", ""},  // list, or ls
      {"stor", "store"},
      {"x", ""},
      {"", ""},
      {"logout", ""},
      {std::string(5000, 'm'), ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.typed);
    CHECK(nearest(row.typed, names).value_or("") == row.meant);
  }
}

}  // namespace cred::test
