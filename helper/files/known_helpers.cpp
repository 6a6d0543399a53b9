// SPDX-License-Identifier: MIT
#include "helper/files/known_helpers.h"

#include <algorithm>
#include <array>

namespace cred {
namespace {

constexpr std::array<std::string_view, 5> kTokenMakers{"ecr-login", "gcloud", "gcr", "acr-env",
                                                       "acr-linux"};

}  // namespace

bool mints_tokens(std::string_view name) {
  return std::ranges::find(kTokenMakers, name) != kTokenMakers.end();
}

bool uses_secret_service(std::string_view name) { return name == "secretservice"; }

}  // namespace cred
