// SPDX-License-Identifier: MIT
// What another docker credential helper answers, told from what is no answer. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/store/store.h"

namespace cred {

// Both are nullopt for what is not the answer of a credential helper. Nothing of that is ever
// quoted: it may be half an answer with a secret in it.

// The answer of `get` for `server`: a member that is missing or no text is empty.
[[nodiscard]] std::optional<Credential> read_get_answer(std::string_view output,
                                                        std::string_view server);

// The answer of `list`: the username of each server, empty where it is no text.
[[nodiscard]] std::optional<std::map<std::string, std::string>> read_list_answer(
    std::string_view output);

// The first line of what a program says of its failure, on stdout as helpers do, or else on stderr:
// short, and plain ASCII. Empty if it says nothing. An answer of `get` is an object, and no part
// of it.
[[nodiscard]] std::string read_failure(std::string_view output, std::string_view errors);

}  // namespace cred
