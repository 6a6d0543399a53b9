// SPDX-License-Identifier: MIT
#include "helper/credentials/server_argument.h"

#include "helper/cli/completion_words.h"
#include "helper/files/entry.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

Misuse misuse_of_server(const std::string& server) {
  if (can_be_asked_for(server) && is_utf8(server)) return std::nullopt;
  return "it is no name of a registry, as reg.example:5000 is one";
}

}  // namespace

Argument server_argument(std::vector<std::string>& servers, const std::string& help) {
  return {.name = "SERVER",
          .target = &servers,
          .help = help,
          .required = true,
          .check = misuse_of_server,
          .words = indexed_servers};
}

}  // namespace cred
