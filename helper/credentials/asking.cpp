// SPDX-License-Identifier: MIT
#include "helper/credentials/asking.h"

#include "helper/files/docker_config.h"
#include "helper/files/login_files.h"
#include "helper/files/registries_conf.h"
#include "helper/servers/server_address.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

bool docker_asks(const std::string& server, const Environment& environment) {
  const LoginFile file = docker_files(environment).front();
  const auto config = DockerConfig::parse(read_file(file.path).value_or(""));
  return config.helper_for(asked_as(server)) == kHelperName;
}

bool containers_tools_ask(const Environment& environment) {
  const auto lists = read_helper_lists(registries_conf_folders(environment));
  return contains(effective_helpers(lists), kHelperName);
}

// A file that cannot be read is doctor's to tell of.
template <typename Look>
bool is_sure(const Look& look) {
  try {
    return look();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<std::string> who_does_not_ask(const std::string& server,
                                          const Environment& environment) {
  std::vector<std::string> those;
  if (is_sure([&] { return expects_docker(environment) && !docker_asks(server, environment); })) {
    those.emplace_back("docker");
  }
  if (is_sure([&] {
        return uses_containers_tools(environment) && !containers_tools_ask(environment);
      })) {
    those.emplace_back(kContainersTools);
  }
  return those;
}

}  // namespace cred
