// SPDX-License-Identifier: MIT
#include "helper/files/login_format.h"

#include <algorithm>
#include <array>

#include "helper/servers/server_address.h"

namespace cred {
namespace {

using Rewriting = LoginFormat::Rewriting;

// As the entry spells it, unless the store would not answer by that when docker asks for the host,
// because there is more behind it than /v1/.
std::string server_for_docker(const DockerConfig& config, const std::string& key) {
  const std::string asked = asked_as(key);
  const bool is_token_of_hub = same_registry(asked, kHubKey);
  const bool docker_takes_another = !config.text_of(asked).empty();
  if (is_namespaced(key) || is_token_of_hub || docker_takes_another) return key;
  return same_registry(key, asked) ? key : asked;
}

// These tools ask for the host; an entry that has it for its key goes before one with a scheme.
std::string server_for_containers_tools(const DockerConfig& config, const std::string& key) {
  const std::string asked = asked_as(key);
  const bool is_hidden = asked != key && !config.text_of(asked).empty();
  return is_hidden ? key : asked;
}

}  // namespace

constinit const LoginFormat kDockerConfigFormat{.file_name = "config.json",
                                                .reader = "docker",
                                                .parse = DockerConfig::parse,
                                                .server_in_store = server_for_docker,
                                                .asked = asked_as,
                                                .rewriting = Rewriting::empty,
                                                .obeys_creds_store = true,
                                                .is_of_containers_tools = false};

constinit const LoginFormat kHelmConfigFormat{.file_name = "config.json",
                                              .reader = "helm",
                                              .parse = DockerConfig::parse,
                                              .server_in_store = server_for_docker,
                                              .asked = asked_as,
                                              .rewriting = Rewriting::empty,
                                              .obeys_creds_store = true,
                                              .is_of_containers_tools = false};

constinit const LoginFormat kDockercfgFormat{.file_name = ".dockercfg",
                                             .reader = "docker",
                                             .parse = DockerConfig::parse_dockercfg,
                                             .server_in_store = server_for_docker,
                                             .asked = asked_as,
                                             .rewriting = Rewriting::none,
                                             .obeys_creds_store = false,
                                             .is_of_containers_tools = false};

constinit const LoginFormat kAuthFileFormat{.file_name = "auth.json",
                                            .reader = kContainersTools,
                                            .parse = DockerConfig::parse,
                                            .server_in_store = server_for_containers_tools,
                                            .asked = asked_by_containers_tools,
                                            .rewriting = Rewriting::remove,
                                            .obeys_creds_store = false,
                                            .is_of_containers_tools = true};

const LoginFormat& format_of(std::string_view file_name) {
  constexpr std::array kFormats{&kDockerConfigFormat, &kDockercfgFormat, &kAuthFileFormat};
  const auto* const format = std::ranges::find(kFormats, file_name, &LoginFormat::file_name);
  return format == kFormats.end() ? kDockerConfigFormat : **format;
}

}  // namespace cred
