// SPDX-License-Identifier: MIT
#include "helper/kubelet/command.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/completion_words.h"
#include "helper/cli/hints.h"
#include "helper/cli/report.h"
#include "helper/files/entry.h"
#include "helper/kubelet/config.h"
#include "helper/kubelet/protocol.h"
#include "helper/servers/image_pattern.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "helper/text/time_text.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// A request names an image and may carry a token of a few kilobytes.
constexpr std::size_t kLargestRequest = std::size_t{1} << 20;

// What a person has set for a shell is not set for the kubelet.
constexpr std::array kPassedOn{"DOCKER_CREDENTIAL_KEYRING_KEY_FILE",
                               "DOCKER_CREDENTIAL_KEYRING_STORE",
                               "DOCKER_CREDENTIAL_KEYRING_VAULT"};

struct Options {
  bool print_config = false;
  std::string cache_time;  // empty: the usual one
  std::vector<std::string> registries;
};

Misuse misuse_of_registry(const std::string& registry) {
  try {
    static_cast<void>(match_pattern(registry));
    return std::nullopt;
  } catch (const Error& failure) {
    return failure.what();
  }
}

// What others change in a shared vault comes every few minutes, by a timer.
constexpr std::chrono::minutes kSharedCacheTime(5);

std::chrono::seconds cache_time_of(const Options& options, const Settings& settings) {
  const std::chrono::seconds usual =
      settings.shared.at.empty() ? kKubeletCacheTime : kSharedCacheTime;
  return parse_duration(options.cache_time).value_or(usual);
}

Grammar grammar_of(Options& options) {
  return {
      .name = "kubelet",
      .help =
          "Answers the kubelet: an image credential provider, which reads a "
          "CredentialProviderRequest on stdin and writes a CredentialProviderResponse to "
          "stdout.",
      .arguments =
          {{"--print-config", &options.print_config,
            "Write a CredentialProviderConfig for the kubelet instead"},
           {.name = "--cache-duration",
            .target = &options.cache_time,
            .help = "For how long the kubelet keeps a login, as 1m; 10m if nothing is said, 5m "
                    "where the vault "
                    "is shared",
            .value = "TIME",
            .check = misuse_of_time},
           {.name = "REGISTRY",
            .target = &options.registries,
            .help = "With --print-config: what to answer for, host[:port][/path], where a * in the "
                    "host stands for a part of it (default: all that is stored)",
            .needs = "--print-config",
            .check = misuse_of_registry,
            .words = indexed_servers}},
      .examples = {"docker-credential-keyring kubelet --print-config",
                   "docker-credential-keyring kubelet --print-config --cache-duration 1m "
                   "'*.example.com'"}};
}

// As the kubelet goes through its own config.json: a * sorts before all else, so it comes last.
std::optional<Credential> find_by_glob(const ImageName& image, Store& store) {
  std::map<std::string, std::string, std::greater<>> servers;  // by pattern
  for (const auto& server : store.known_servers()) {
    const auto pattern = image_pattern(server);
    if (pattern && is_glob(*pattern) && matches(*pattern, image)) servers.emplace(*pattern, server);
  }
  for (const auto& [pattern, server] : servers) {
    if (auto found = store.get(server)) return found;
  }
  return std::nullopt;
}

// By the longest beginning of the image that is stored, and at least by its registry in docker's
// own spelling, which is found where nothing is known of what the store holds; then by globs.
std::optional<Credential> find_for(const ImageName& image, Store& store, const Settings& settings) {
  auto found =
      find_credential(store, image.registry + '/' + image.path, settings.namespace_fallback);
  if (!found) {
    const bool is_hub = image.registry == "docker.io";
    found = find_credential(store, is_hub ? kHubKey : image.registry, false);
  }
  if (!found) found = find_by_glob(image, store);
  if (found && found->secret.empty()) return std::nullopt;
  return found;
}

// Of the server that answers for `image`: the path, if it is a part of a registry, "" for a whole
// one. What is not an address was found by the whole name.
std::string path_of(std::string_view server, const ImageName& image) {
  auto prefix = image_prefix(server);
  if (!prefix) prefix = image_pattern(server);
  if (!prefix) prefix = image.registry + '/' + image.path;
  return prefix->substr(std::min(prefix->find('/'), prefix->size()));
}

// The kubelet compares paths letter by letter, so that reg/team would count for reg/teammate, and
// what it keeps for a registry goes before what it would have to ask for: either is right only
// where no part of the registry has a credential of its own.
KubeletScope scope_of(const ImageName& image, Store& store) {
  const auto registry = image_prefix(image.registry).value_or("") + '/';
  const auto is_part = [&](const std::string& server) {
    if (image_prefix(server).value_or("").starts_with(registry)) return true;
    const auto pattern = image_pattern(server);
    return pattern && is_glob(*pattern) && contains(*pattern, '/');
  };
  return std::ranges::any_of(store.known_servers(), is_part) ? KubeletScope::image
                                                             : KubeletScope::registry;
}

int answer(const Options& options, const CommandContext& context) {
  if (is_terminal(STDIN_FILENO)) {
    throw Error(Errc::bad_request,
                "the kubelet calls this, with a request on stdin; --print-config writes what makes "
                "it do so");
  }
  const ImageName image = parse_kubelet_request(read_all(STDIN_FILENO, kLargestRequest, "stdin"));
  Settings settings = read_settings(context.environment, context.err);
  settings.prompt = Prompting::never;
  const auto store = open_store(context.environment, settings, context.err);
  auto found = find_for(image, *store, settings);
  if (found && found->username == kTokenUsername) {
    context.err.note("what is stored for ", found->server, kIsNoUseToKubelets);
    found.reset();
  }
  KubeletScope scope = KubeletScope::image;
  if (found) {
    const std::string path = path_of(found->server, image);
    if (path.empty()) scope = scope_of(image, *store);
    found->server = image.registry + path;
  }
  context.document << write_kubelet_response(found, scope, cache_time_of(options, settings));
  return exit_done;
}

std::set<std::string> stored_patterns(const CommandContext& context) {
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store(context.environment, settings, context.err);
  std::set<std::string> patterns;
  for (const auto& [server, username] : store->list()) {
    if (is_bare_address6(server)) context.err.note(server, " is left out: it ", kNoPort);
    const auto pattern = image_pattern(server);
    if (!pattern) continue;
    if (username == kTokenUsername) {
      context.err.note(server + " is left out: a kubelet cannot use its identity token");
      continue;
    }
    patterns.insert(*pattern);
  }
  if (patterns.empty()) {
    throw Error(Errc::bad_request,
                "nothing is stored that a kubelet could use; log in first, or name the registries: "
                "kubelet --print-config REGISTRY");
  }
  return patterns;
}

int print_config(const Options& options, const CommandContext& context) {
  std::set<std::string> patterns;
  for (const auto& registry : options.registries) patterns.insert(match_pattern(registry));
  if (patterns.empty()) patterns = stored_patterns(context);
  std::map<std::string, std::string> passed_on;
  for (const char* name : kPassedOn) {
    if (const auto value = context.environment.get(name)) passed_on.emplace(name, *value);
  }
  const auto cache_time = cache_time_of(options, read_settings(context.environment, context.err));
  context.document << write_provider_config(
      {std::move(patterns), std::move(passed_on), cache_time, own_program()});
  return exit_done;
}

}  // namespace

int kubelet_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  return options.print_config ? print_config(options, context) : answer(options, context);
}

}  // namespace cred
