// SPDX-License-Identifier: MIT
#include "helper/kubelet/config.h"

#include "helper/kubelet/protocol.h"
#include "helper/servers/image_pattern.h"
#include "helper/text/json_text.h"
#include "platform/system/error.h"
#include "platform/text/printable.h"

namespace cred {
namespace {

[[noreturn]] void refuse(std::string_view registry, const std::string& why) {
  throw Error(Errc::bad_request, std::string(registry) + ' ' + why);
}

}  // namespace

std::string match_pattern(std::string_view registry) {
  if (registry.find("://") != std::string_view::npos) {
    refuse(registry, "has a scheme in front; give host[:port][/path], as an image's name begins");
  }
  if (auto pattern = image_pattern(registry)) return *pattern;
  const auto host = registry.find_first_of(":/");
  if (host != std::string_view::npos && is_glob(registry.substr(host))) {
    refuse(registry, "has a * in its port or path; the kubelet knows it in the host alone");
  }
  // The command line takes the brackets of a whole argument away.
  if (is_bare_address6(registry) || is_bare_address6('[' + std::string(registry) + ']')) {
    refuse(registry, kNoPort);
  }
  refuse(registry,
         "is not host[:port][/path], as an image's name begins, with a dot or a port in the host");
}

std::string write_provider_config(const ProviderConfig& config) {
  std::string text;
  if (!config.program.empty()) {
    text +=
        "# Save this file, and give the kubelet both of these options:\n"
        "#   --image-credential-provider-bin-dir=" +
        printable(config.program.parent_path().native()) +
        "\n"
        "#   --image-credential-provider-config=/etc/kubernetes/credential-provider.yaml\n";
  }
  // A JSON string is a YAML string.
  text +=
      "apiVersion: kubelet.config.k8s.io/v1\n"
      "kind: CredentialProviderConfig\n"
      "providers:\n"
      "  - name: docker-credential-keyring\n"
      "    apiVersion: " +
      std::string(kKubeletApiVersion) +
      "\n"
      "    args:\n"
      "      - kubelet\n";
  const std::string cache_time = go_duration(config.cache_time);
  if (config.cache_time != kKubeletCacheTime) {
    text += "      - " +
            quote_json("--cache-duration=" + std::to_string(config.cache_time.count()) + 's') +
            '\n';
  }
  text += "    matchImages:\n";
  for (const auto& pattern : config.patterns) text += "      - " + quote_json(pattern) + '\n';
  text += "    defaultCacheDuration: " + quote_json(cache_time) + '\n';
  if (config.environment.empty()) return text;
  text += "    env:\n";
  for (const auto& [name, value] : config.environment) {
    text += "      - name: " + name + "\n        value: " + quote_json(value) + '\n';
  }
  return text;
}

}  // namespace cred
