// SPDX-License-Identifier: MIT
#include "helper/export/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/export/document.h"
#include "helper/files/docker_config.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"

namespace cred {
namespace {

constexpr const char* kDocker = "docker";
constexpr const char* kKubernetes = "kubernetes";

using Credentials = std::map<std::string, Credential>;  // by their keys in "auths"

struct Options {
  std::string format = kDocker;
  SecretNames names{"registry-credentials", ""};
  std::string output;
  std::vector<std::string> servers;
};

// As parse_command_line().
std::optional<int> parse_options(std::span<const std::string> arguments,
                                 const CommandContext& context, Options& options) {
  CLI::App app(
      "Writes the logins for these servers, in plaintext, as a config.json of docker's or as a "
      "Kubernetes Secret of type kubernetes.io/dockerconfigjson.",
      std::string(kProgram) + " export");
  app.add_option("--format", options.format, "docker or kubernetes")
      ->check(CLI::IsMember({kDocker, kKubernetes}))
      ->type_name("FORMAT")
      ->capture_default_str();
  auto* name = app.add_option("--name", options.names.name, "The name of the Secret")
                   ->check(problem_of_secret_name)
                   ->type_name("NAME")
                   ->capture_default_str();
  auto* space = app.add_option("--namespace", options.names.space, "The namespace of the Secret")
                    ->check(problem_of_namespace)
                    ->type_name("NAME");
  app.add_option("--output", options.output,
                 "Write to this file, which must not be there yet, instead of stdout")
      ->type_name("FILE");
  app.add_option("SERVER", options.servers, "As docker login was given it")->required();
  app.callback([&] {
    if (options.format != kKubernetes && (*name || *space)) {
      throw CLI::ValidationError("--name and --namespace need --format kubernetes");
    }
  });
  return parse_command_line(app, arguments, context);
}

// All of them, or an error that names each that is missing.
Credentials find_all(const Options& options, const CommandContext& context) {
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store(context.environment, settings, context.err);
  Credentials credentials;
  std::string missing;
  for (const auto& server : options.servers) {
    auto found = find_credential(*store, server, settings.namespace_fallback);
    if (found && !found->secret.empty()) {
      credentials.insert_or_assign(auths_key(server), std::move(*found));
    } else {
      missing += (missing.empty() ? "" : ", ") + server;
    }
  }
  if (!missing.empty()) {
    throw Error(Errc::not_found, "no login is stored for " + missing +
                                     ", so nothing was written; " + kProgram +
                                     " list shows what is stored");
  }
  return credentials;
}

std::string document_of(const Credentials& credentials, const Options& options) {
  std::string config = write_docker_config(credentials);
  return options.format == kDocker ? config : write_kubernetes_secret(config, options.names);
}

void warn_of_tokens(const Credentials& credentials, const CommandContext& context) {
  for (const auto& [key, credential] : credentials) {
    if (credential.username != kTokenUsername) continue;
    note(context, "warning: the login for " + key +
                      " is an identity token, which a kubelet cannot use; log in there with a "
                      "password or an access token");
  }
}

int run(const Options& options, const CommandContext& context) {
  const Credentials credentials = find_all(options, context);
  const std::string document = document_of(credentials, options);
  if (options.format == kKubernetes) warn_of_tokens(credentials, context);
  if (!options.output.empty()) {
    write_new_file(options.output, document);
    note(context, options.output + " holds the secrets in plaintext");
    return exit_done;
  }
  if (is_terminal(STDOUT_FILENO)) note(context, "what follows holds the secrets in plaintext");
  context.out << document;
  return exit_done;
}

}  // namespace

int export_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_options(arguments, context, options)) return *answered;
  try {
    return run(options, context);
  } catch (const std::exception& failure) {
    return report_beside(failure, context.err);
  }
}

}  // namespace cred
