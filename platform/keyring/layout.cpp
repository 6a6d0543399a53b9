// SPDX-License-Identifier: MIT
#include "platform/keyring/layout.h"

#include <unistd.h>

#include "platform/system/error.h"

namespace cred {

const Attributes& our_attributes() {
  static const Attributes kOurs = {{"docker_cli", "1"}, {"xdg:schema", "io.docker.Credentials"}};
  return kOurs;
}

Attributes with_server(Attributes attributes, std::string_view server) {
  attributes.emplace("server", server);
  return attributes;
}

std::string value_of(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string() : found->second;
}

PromptLock lock_keyring(const Environment& environment, std::chrono::milliseconds limit) {
  constexpr std::string_view name = "keyring.lock";
  const auto instead = runtime_file(environment.runtime_folder(), name);
  LockPlace place{.file = environment.state_folder() / name, .instead = instead};
  try {
    make_private_folder(environment.state_folder());
    if (access(environment.state_folder().c_str(), W_OK) != 0) throw_errno(place.file.string());
  } catch (const Error&) {
    place.file = instead;
  }
  return {place, limit, "the keyring"};
}

}  // namespace cred
