// SPDX-License-Identifier: MIT
#include "helper/cli/output.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace cred::test {

TEST_CASE("a document for programs shows a terminal nothing that steers it, and says all") {
  const nlohmann::ordered_json document = {{"file", "a\x1b[2J\u202e\x7f\u009b.json"}, {"n", 1}};
  std::ostringstream out;
  write_json(document, out);
  CHECK(out.str() == R"({
  "file": "a\u001b[2J\u202e\u007f\u009b.json",
  "n": 1
}
)");
  CHECK(nlohmann::ordered_json::parse(out.str()) == document);
}

TEST_CASE("bytes that are no text have a sign in their place") {
  std::ostringstream out;
  write_json({{"file", "a\xff"}}, out);
  CHECK(out.str() == "{\n  \"file\": \"a\ufffd\"\n}\n");
}

}  // namespace cred::test
