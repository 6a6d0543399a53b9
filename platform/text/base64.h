// SPDX-License-Identifier: MIT
// base64 in the two kinds that are written here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

enum class Base64 {
  standard,  // with padding, as docker's config.json has it
  url,       // base64url without padding, as a vault and JOSE have it
};

[[nodiscard]] std::string encode_base64(std::string_view bytes, Base64 kind);

// For bytes that are to lie nowhere else: `text` has room for base64_size(), and for one byte more,
// which becomes NUL.
void encode_base64(std::string_view bytes, Base64 kind, char* text);
[[nodiscard]] std::size_t base64_size(std::size_t bytes, Base64 kind);

// nullopt if `text` is not of that kind. The standard one is read as Go reads it: line
// ends are passed over, and bits of the last letter that are not used may be any.
// A vector, not a string: it may be a secret, and a short string lies where nothing wipes it.
[[nodiscard]] std::optional<std::vector<char>> decode_base64(std::string_view text, Base64 kind);

}  // namespace cred
