// SPDX-License-Identifier: MIT
// Commands as people copy them into a shell. Names in them may come from files that anybody wrote.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace cred {

// The words as one command line, quoted where the shell would take them for more than words. Empty
// if one cannot be shown for what it is, as with a control character in it.
[[nodiscard]] std::string shell_command(std::initializer_list<std::string_view> words);

// `first && second`; empty if one of them is.
[[nodiscard]] std::string shell_sequence(const std::string& first, const std::string& second);

}  // namespace cred
