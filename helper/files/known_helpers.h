// SPDX-License-Identifier: MIT
// Credential helpers, as far as migrate, restore and doctor have to know them by name. Pure.
#pragma once

#include <string_view>

namespace cred {

// Whether we answer for whom a file names this helper, or nobody does: "" stands for the file
// itself.
[[nodiscard]] bool is_ours(std::string_view name);

// Whether this helper keeps nothing: it asks a cloud for a token that lives for hours, so there is
// nothing to move, and a copy would soon be worth nothing. `name` as in "credsStore": "ecr-login".
[[nodiscard]] bool mints_tokens(std::string_view name);

// Whether this helper keeps its credentials where ours does: in the Secret Service of the session.
[[nodiscard]] bool uses_secret_service(std::string_view name);

}  // namespace cred
