// SPDX-License-Identifier: MIT
#include "helper/export/command.h"

#include <unistd.h>

#include <map>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/completion_words.h"
#include "helper/cli/hints.h"
#include "helper/cli/report.h"
#include "helper/export/document.h"
#include "helper/files/entry.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

constexpr const char* kDocker = "docker";
constexpr const char* kKubernetes = "kubernetes";
constexpr const char* kSecretName = "registry-credentials";  // if nobody gives it one

using Credentials = std::map<std::string, Credential>;  // by their keys in "auths"

struct Options {
  std::string format = kDocker;
  std::optional<std::string> name;
  std::optional<std::string> space;
  std::string output;
  std::vector<std::string> servers;
};

Grammar grammar_of(Options& options) {
  return {
      .name = "export",
      .help =
          "Writes the logins for these servers, in plaintext, as a config.json of docker's or as a "
          "Kubernetes Secret of type kubernetes.io/dockerconfigjson.",
      .arguments = {{.name = "--format",
                     .target = &options.format,
                     .help = "docker or kubernetes",
                     .value = "FORMAT",
                     .choices = {kDocker, kKubernetes}},
                    {.name = "--name",
                     .target = &options.name,
                     .help = std::string("The name of the Secret, ") + kSecretName +
                             " if none is given",
                     .value = "NAME",
                     .check = problem_of_secret_name},
                    {.name = "--namespace",
                     .target = &options.space,
                     .help = "The namespace of the Secret",
                     .value = "NAME",
                     .check = problem_of_namespace},
                    {"--output", &options.output,
                     "Write to this file, which must not be there yet, instead of stdout", "FILE"},
                    {.name = "SERVER",
                     .target = &options.servers,
                     .help = "As docker login was given it",
                     .required = true,
                     .words = indexed_servers}},
      .check = [&options]() -> Misuse {
        const bool named = options.name || options.space;
        if (options.format == kKubernetes || !named) return std::nullopt;
        return "--name and --namespace need --format kubernetes";
      },
      .examples = {"docker-credential-keyring export --output login.json reg.example:5000",
                   "docker-credential-keyring export --format kubernetes --name pull "
                   "reg.example:5000 | kubectl apply -f -"}};
}

// All of them, or an error that names each that is missing.
Credentials find_all(const Options& options, const CommandContext& context) {
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store(context.environment, settings, context.err);
  Credentials credentials;
  std::vector<std::string> missing;
  for (const auto& server : options.servers) {
    auto found = find_credential(*store, server, settings.namespace_fallback);
    if (found && !found->secret.empty()) {
      credentials.insert_or_assign(auths_key(server), std::move(*found));
    } else {
      missing.push_back(server);
    }
  }
  if (!missing.empty()) {
    throw Error(Errc::not_found, "no login is stored for " + join(missing) +
                                     ", so nothing was written; " + kProgram +
                                     " ls shows what is stored");
  }
  return credentials;
}

std::string document_of(const Credentials& credentials, const Options& options) {
  std::string config = write_docker_config(credentials);
  if (options.format == kDocker) return config;
  return write_kubernetes_secret(config,
                                 {options.name.value_or(kSecretName), options.space.value_or("")});
}

// What not every reader of the document can use.
void warn_of_readers(const Credentials& credentials, const Options& options,
                     const CommandContext& context) {
  for (const auto& [key, credential] : credentials) {
    if (credential.username == kTokenUsername && options.format == kKubernetes) {
      context.err.warn("the login for ", key, kIsNoUseToKubelets);
    }
    if (entry_for(credential).is_fragile && options.format == kDocker) {
      context.err.warn("the username for ", key,
                       " holds a colon: docker and the kubelet read it so, and podman, skopeo "
                       "and buildah do not");
    }
  }
}

int run(const Options& options, const CommandContext& context) {
  const Credentials credentials = find_all(options, context);
  const std::string document = document_of(credentials, options);
  warn_of_readers(credentials, options, context);
  if (!options.output.empty()) {
    if (!create_file(options.output, document)) {
      throw Error(Errc::io, options.output +
                                " is there already, and is not overwritten; remove it, or give "
                                "another name");
    }
    context.err.note(options.output + " holds the secrets in plaintext");
    return exit_done;
  }
  if (is_terminal(STDOUT_FILENO)) context.err.note("what follows holds the secrets in plaintext");
  context.document << document;
  return exit_done;
}

}  // namespace

int export_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  return run(options, context);
}

}  // namespace cred
