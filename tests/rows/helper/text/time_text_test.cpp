// SPDX-License-Identifier: MIT
#include "helper/text/time_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace cred::test {

TEST_CASE("times for programs, in seconds and in ISO 8601") {
  CHECK(iso_time(0) == "1970-01-01T00:00:00Z");
  CHECK(iso_time(1'764'378'000) == "2025-11-29T01:00:00Z");
  nlohmann::ordered_json object;
  add_time(object, "stored", 1'764'378'000);
  add_time(object, "until", std::nullopt);
  CHECK(
      object.dump() ==
      R"({"stored":1764378000,"stored_iso":"2025-11-29T01:00:00Z","until":null,"until_iso":null})");
}

}  // namespace cred::test
