// SPDX-License-Identifier: MIT
// The names and limits that docker and every credential helper agree on.
// https://github.com/docker/docker-credential-helpers#development
#pragma once

#include <cstddef>
#include <string_view>

namespace cred {

// What "credsStore" says when docker is to call us.
inline constexpr const char* kHelperName = "keyring";

// The program of the helper NAME is docker-credential-NAME.
inline constexpr std::string_view kHelperPrefix = "docker-credential-";

// Docker compares this text byte for byte to tell "log in first" from "broken".
inline constexpr std::string_view kNotFound = "credentials not found in native keychain";

// The most that a username or a secret may hold, in bytes.
inline constexpr std::size_t kLargestText = std::size_t{1} << 20;

}  // namespace cred
