// SPDX-License-Identifier: MIT
#include "platform/system/secret.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("secrets are compared whole") {
  CHECK(same_secret(Secret("abc"), Secret("abc")));
  CHECK_FALSE(same_secret(Secret("abc"), Secret("abd")));
  CHECK_FALSE(same_secret(Secret("abc"), Secret("abcd")));
  CHECK(same_secret(Secret(), Secret("")));
  Secret moved("abc");
  const Secret taken = std::move(moved);
  CHECK(taken.reveal() == "abc");
}

TEST_CASE("a secret is any bytes, and moves whole") {
  const std::string bytes("a\0b", 3);
  Secret secret(bytes);
  CHECK(secret.reveal() == bytes);
  CHECK(secret.copy().reveal() == bytes);
  CHECK_FALSE(secret.empty());
  CHECK(Secret().empty());
  Secret other("x");
  other = std::move(secret);
  CHECK(other.reveal() == bytes);
}

TEST_CASE("what is wiped holds zeros") {
  std::string text = "hunter2";
  wipe(text.data(), text.size());
  CHECK(text == std::string(7, '\0'));
}

}  // namespace cred::test
