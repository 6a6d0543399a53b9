// SPDX-License-Identifier: MIT
// A small secret sealed by clevis: to a TPM (tpm2), to a server in the network (tang), or shared
// out between several of them (sss)..
//
// Clevis is a set of shell scripts. They find the program for a pin by the pin's name, and put
// members of a sealed text's header on command lines: whoever can write a vault could have curl or
// the TPM tools read and write files. So nothing is handed to clevis that was not checked here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "platform/environment.h"
#include "platform/locked_bytes.h"

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

// Throws vault_unsafe unless `sealed` is a compact JWE of `pin`, with nothing in its header, nor in
// one that it contains, that clevis itself would not have put there.
void check_sealed(std::string_view pin, std::string_view sealed);

// Throws bad_request, with the cure, unless `config` is a JSON object that clevis takes for `pin`
// without a question: each tang server is known by `thp` or `adv`, never trusted at first sight.
// Members that clevis does not know are refused: a misspelled one would silently protect nothing.
void check_clevis_config(std::string_view pin, std::string_view config);

// The program that is not installed here and that clevis needs for `pin`: clevis itself, or what it
// starts for the pin; empty if both are there. `program` as above.
[[nodiscard]] std::string missing_for_clevis(const std::filesystem::path& program,
                                             std::string_view pin);

// What people should know of a config that passed the check, where it protects less than one may
// think; empty if there is nothing to say.
[[nodiscard]] std::string clevis_caution(std::string_view pin, std::string_view config);

}  // namespace cred
