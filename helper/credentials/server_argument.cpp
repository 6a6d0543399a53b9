// SPDX-License-Identifier: MIT
#include "helper/credentials/server_argument.h"

#include <algorithm>

#include "helper/cli/completion_words.h"
#include "helper/files/entry.h"
#include "platform/store/docker_names.h"
#include "platform/text/utf8.h"

namespace cred {

Misuse misuse_of_server(const std::string& server) {
  if (can_be_asked_for(server) && is_utf8(server)) return std::nullopt;
  return "it is no name of a registry, as reg.example:5000 is one";
}

std::optional<Refusal> why_not_added(std::string_view username, std::string_view password) {
  if (auto refusal = why_no_login(username, password)) return refusal;
  if (std::max(username.size(), password.size()) <= kLargestText) return std::nullopt;
  return Refusal{"the login is longer than " + std::to_string(kLargestText) + " bytes"};
}

Argument server_argument(std::vector<std::string>& servers, const std::string& help) {
  return {.name = "SERVER",
          .target = &servers,
          .help = help,
          .required = true,
          .check = misuse_of_server,
          .words = indexed_servers};
}

}  // namespace cred
