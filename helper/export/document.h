// SPDX-License-Identifier: MIT
// Credentials as documents that other programs read. Pure. The texts hold secrets in plaintext.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/store/store.h"

namespace cred {

// A config.json with `credentials`, by their keys, in docker's layout. Throws Error(io) for one
// that "auths" cannot express; the message names its server.
[[nodiscard]] std::string write_docker_config(const std::map<std::string, Credential>& credentials);

struct SecretNames {
  std::string name;
  std::string space;  // the namespace; empty: whichever the manifest is applied to
};

// A manifest of a Secret with `docker_config` in it, as JSON.
[[nodiscard]] std::string write_kubernetes_secret(std::string_view docker_config,
                                                  const SecretNames& names);

// Why Kubernetes would not take `text` as the name of a Secret, or of a namespace;
// nullopt if it would.
[[nodiscard]] std::optional<std::string> problem_of_secret_name(const std::string& text);
[[nodiscard]] std::optional<std::string> problem_of_namespace(const std::string& text);

}  // namespace cred
