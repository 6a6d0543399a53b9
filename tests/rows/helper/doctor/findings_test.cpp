// SPDX-License-Identifier: MIT
#include "helper/doctor/findings.h"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace cred::test {

TEST_CASE("every finding has a name of its own: small letters, digits and hyphens") {
  std::set<std::string_view> names;
  for (const FindingRow& row : all_findings()) {
    CAPTURE(row.name);
    CHECK(name_of(row.id) == row.name);
    CHECK(names.insert(row.name).second);
    CHECK(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos);
  }
  CHECK(names.size() == static_cast<std::size_t>(FindingId::count));
}

}  // namespace cred::test
