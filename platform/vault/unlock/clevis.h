// SPDX-License-Identifier: MIT
// A small secret sealed by clevis: to a TPM (tpm2), to a server in the network (tang), or shared
// out between several of them (sss). Nothing is handed to clevis that clevis_checks.h has not seen.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "platform/system/environment.h"
#include "platform/system/locked_bytes.h"

namespace cred {

// Both run `program`, an absolute path; if it is empty, clevis from the system's folders. It has
// ten seconds. The secret and what is sealed go through pipes alone. A signal that ends the process
// is held back until clevis and its folder are gone.
//
// Throw not_unsealed if clevis is missing, fails or takes too long: the message has what clevis
// said.

// Seals `secret`, at most 4 KiB, by `pin` and `config`, which must pass check_clevis_config().
// Returns a text that passes check_sealed(), at most 16 KiB.
[[nodiscard]] std::string clevis_seal(const Environment& environment,
                                      const std::filesystem::path& program, std::string_view pin,
                                      std::string_view config, const LockedBytes& secret);

// What was sealed. `sealed` must pass check_sealed().
[[nodiscard]] LockedBytes clevis_unseal(const Environment& environment,
                                        const std::filesystem::path& program, std::string_view pin,
                                        std::string_view sealed);

// The program that is not installed here and that clevis needs for `pin`: clevis itself, or what it
// starts for the pin; nullopt if both are there. `program` as above.
[[nodiscard]] std::optional<std::string> missing_for_clevis(const std::filesystem::path& program,
                                                            std::string_view pin);

}  // namespace cred
