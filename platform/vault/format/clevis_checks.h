// SPDX-License-Identifier: MIT
// What is fit to be handed to clevis. Pure.
//
// Clevis is a set of shell scripts. They find the program for a pin by the pin's name, and put
// members of a sealed text's header on command lines: whoever can write a vault could have curl or
// the TPM tools read and write files.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cred {

inline constexpr std::size_t kLargestSealed = std::size_t{16} << 10;

// Throws vault_unsafe unless `sealed` is a compact JWE of `pin`, with nothing in its header, nor in
// one that it contains, that clevis itself would not have put there.
void check_sealed(std::string_view pin, std::string_view sealed);

// The pin that `sealed` names. Throws vault_unsafe where it is no compact JWE of clevis.
[[nodiscard]] std::string pin_of(std::string_view sealed);

// Throws bad_request, with the cure, unless `config` is a JSON object that clevis takes for `pin`
// without a question: each tang server is known by `thp` or `adv`, never trusted at first sight.
// Members that clevis does not know are refused: a misspelled one would silently protect nothing.
void check_clevis_config(std::string_view pin, std::string_view config);

// The same check, and the config in one spelling: clevis has another parser than we.
[[nodiscard]] std::string checked_clevis_config(std::string_view pin, std::string_view config);

// What people should know of a config that passed the check, where it protects less than one may
// think.
[[nodiscard]] std::optional<std::string> clevis_caution(std::string_view pin,
                                                        std::string_view config);

}  // namespace cred
