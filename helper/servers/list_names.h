// SPDX-License-Identifier: MIT
// What `list` calls the servers that are stored: clients look for a name in it, and then get it.
// Pure.
#pragma once

#include <map>
#include <string>

#include "platform/store/settings.h"

namespace cred {

// `stored` maps servers to user names, and so does the result, in which each registry that `names`
// has one name for comes once, with the user name of the credential that answers for that name.
// What names no server is left out; with ListNames::containers, parts of a registry and what is no
// address are too.
[[nodiscard]] std::map<std::string, std::string> named_for_list(
    const std::map<std::string, std::string>& stored, ListNames names);

}  // namespace cred
