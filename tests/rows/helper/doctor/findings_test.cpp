// SPDX-License-Identifier: MIT
#include "helper/doctor/findings.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace cred::test {

TEST_CASE("every finding has a name of its own: small letters, digits and hyphens") {
  std::set<std::string_view> names;
  for (const auto name : kFindings) {
    CAPTURE(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos);
  }
}

}  // namespace cred::test
