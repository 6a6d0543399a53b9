// SPDX-License-Identifier: MIT
#include "helper/files/known_helpers.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("which helpers keep nothing, and which keep it where ours does") {
  struct Row {
    std::string name;
    bool mints, in_secret_service;
  };
  const Row rows[] = {
      {"ecr-login", true, false},
      {"gcloud", true, false},
      {"gcr", true, false},
      {"acr-env", true, false},
      {"acr-linux", true, false},
      {"secretservice", false, true},
      {"pass", false, false},
      {"keyring", false, false},
      {"", false, false},
      {"desktop.exe", false, false},
      {"ecr-login-2", false, false},
      {"ECR-LOGIN", false, false},
      {"docker-credential-gcr", true, false},
      {"docker-credential-secretservice", false, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(mints_tokens(row.name) == row.mints);
    CHECK(uses_secret_service(row.name) == row.in_secret_service);
  }
}

}  // namespace cred::test
