// SPDX-License-Identifier: MIT
#include "helper/kubelet/config.h"

#include <algorithm>

#include "helper/kubelet/protocol.h"
#include "helper/servers/server_address.h"
#include "helper/text/json_text.h"
#include "platform/system/error.h"

namespace cred {
namespace {

[[noreturn]] void refuse(std::string_view registry, const std::string& why) {
  throw Error(Errc::bad_request, std::string(registry) + ' ' + why);
}

// Whether the name of an image can begin so. In a host, the kubelet reads [ as the beginning of a
// set of letters.
bool can_match(std::string_view prefix) {
  return looks_like_registry(prefix.substr(0, prefix.find('/'))) &&
         prefix.find('[') == std::string_view::npos;
}

// A * in the host as a letter, so that what is left to check is an ordinary address.
std::string with_plain_host(std::string_view registry) {
  const auto end = std::min(registry.find_first_of(":/"), registry.size());
  std::string host(registry.substr(0, end));
  std::ranges::replace(host, '*', 'x');
  return host.append(registry.substr(end));
}

}  // namespace

std::string match_pattern(std::string_view registry) {
  if (registry.find("://") != std::string_view::npos) {
    refuse(registry, "has a scheme in front; give host[:port][/path], as an image's name begins");
  }
  const std::string plain = with_plain_host(registry);
  const auto prefix = image_prefix(plain);
  if (plain.find('*') != std::string::npos) {
    refuse(registry, "has a * in its port or path; the kubelet knows it in the host alone");
  }
  if (!prefix || !can_match(*prefix)) {
    refuse(
        registry,
        "is not host[:port][/path], as an image's name begins, with a dot or a port in the host");
  }
  if (plain == registry) return *prefix;
  const auto path = std::min(prefix->find('/'), prefix->size());
  return std::string(registry.substr(0, registry.find('/'))) + prefix->substr(path);
}

std::optional<std::string> match_pattern_of_stored(std::string_view server) {
  auto prefix = image_prefix(server);
  return prefix && can_match(*prefix) ? prefix : std::nullopt;
}

std::string write_provider_config(const std::set<std::string>& patterns,
                                  const std::map<std::string, std::string>& environment) {
  // A JSON string is a YAML string.
  std::string text =
      "apiVersion: kubelet.config.k8s.io/v1\n"
      "kind: CredentialProviderConfig\n"
      "providers:\n"
      "  - name: docker-credential-keyring\n"
      "    apiVersion: " +
      std::string(kKubeletApiVersion) +
      "\n"
      "    args:\n"
      "      - kubelet\n"
      "    matchImages:\n";
  for (const auto& pattern : patterns) text += "      - " + quote_json(pattern) + '\n';
  text += "    defaultCacheDuration: " + quote_json(kKubeletCacheTime) + '\n';
  if (environment.empty()) return text;
  text += "    env:\n";
  for (const auto& [name, value] : environment) {
    text += "      - name: " + name + "\n        value: " + quote_json(value) + '\n';
  }
  return text;
}

}  // namespace cred
