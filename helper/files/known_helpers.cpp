// SPDX-License-Identifier: MIT
#include "helper/files/known_helpers.h"

#include <array>

#include "platform/store/docker_names.h"
#include "platform/text/strings.h"

namespace cred {

namespace {

// Some write a helper's name with docker's prefix before it.
std::string_view without_prefix(std::string_view name) {
  if (name.starts_with(kHelperPrefix)) name.remove_prefix(kHelperPrefix.size());
  return name;
}

}  // namespace

bool is_ours(std::string_view name) { return name.empty() || name == kHelperName; }

bool mints_tokens(std::string_view name) {
  constexpr std::array<std::string_view, 5> kTokenMakers{"ecr-login", "gcloud", "gcr", "acr-env",
                                                         "acr-linux"};
  return contains(kTokenMakers, without_prefix(name));
}

bool uses_secret_service(std::string_view name) { return without_prefix(name) == "secretservice"; }

}  // namespace cred
