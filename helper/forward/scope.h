// SPDX-License-Identifier: MIT
// Which of the logins stored at home a forward gives away. Pure.
#pragma once

#include <string>
#include <vector>

namespace cred {

struct ForwardScope {
  std::vector<std::string> servers;  // as somebody typed them
  bool all = false;                  // whatever is stored, but for docker's tokens of its Hub
};

// Whether what is stored as `name` is given away: by the name of the store alone, which has to be
// the same registry and path as one of the servers, in any spelling. Neither `reg` nor
// `reg/team/app` is, for `reg/team`.
[[nodiscard]] bool serves(const ForwardScope& scope, const std::string& name);

// For people: "reg.example:5000", "all servers".
[[nodiscard]] std::string scope_text(const ForwardScope& scope);

}  // namespace cred
