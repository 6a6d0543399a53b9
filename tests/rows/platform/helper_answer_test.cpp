// SPDX-License-Identifier: MIT
#include "platform/helper_answer.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("what is no answer of a credential helper") {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  for (const std::string& output :
       {std::string(), std::string("{"), std::string("[]"), std::string("s3"),
        std::string(R"({"Username":"ada"} s3)"), std::string("{\"Secret\":\"\xff\"}"), deep,
        R"({"Username":)" + deep + '}'}) {
    CHECK_FALSE(read_get_answer(output, "reg"));
    CHECK_FALSE(read_list_answer(output));
  }
}

TEST_CASE("a member of an answer that is no text is empty") {
  const auto got = read_get_answer(R"({"Username":7,"more":[[]]})", "reg");
  REQUIRE(got);
  CHECK(got->server == "reg");
  CHECK(got->username.empty());
  CHECK(got->secret.empty());
  CHECK(read_list_answer(R"({"reg":{"a":"b"}})")->at("reg").empty());
}

}  // namespace cred::test
