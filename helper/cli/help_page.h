// SPDX-License-Identifier: MIT
// What --help shows of a command. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "helper/cli/command_line.h"

namespace cred {

// `name` is what is typed to call it: "docker-credential-keyring vault create". Lines of at most
// `width` columns, as far as words allow.
[[nodiscard]] std::string help_page(const Grammar& grammar, const std::string& name,
                                    std::size_t width);

// The last line of a page, which names that of the manual, behind an empty one: of
// "docker-credential-keyring vault create" that is docker-credential-keyring-vault.
[[nodiscard]] std::string more_line(std::string name);

// "--config PATH"; "SERVER" for what is given without a name.
[[nodiscard]] std::string label_of(const Argument& argument);

// Two columns, as a page has them: names, and what is said of each.
struct HelpRow {
  std::string name;
  std::string text;
};
[[nodiscard]] std::string help_rows(const std::vector<HelpRow>& rows, std::size_t width);

}  // namespace cred
