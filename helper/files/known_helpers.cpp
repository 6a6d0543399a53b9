// SPDX-License-Identifier: MIT
#include "helper/files/known_helpers.h"

#include <array>

#include "platform/store/docker_names.h"
#include "platform/text/strings.h"

namespace cred {

bool is_ours(std::string_view name) { return name.empty() || name == kHelperName; }

bool mints_tokens(std::string_view name) {
  constexpr std::array<std::string_view, 5> kTokenMakers{"ecr-login", "gcloud", "gcr", "acr-env",
                                                         "acr-linux"};
  return contains(kTokenMakers, name);
}

bool uses_secret_service(std::string_view name) { return name == "secretservice"; }

}  // namespace cred
