// SPDX-License-Identifier: MIT
// The kubelet's configuration of image credential providers, with this program in it. Pure.
// https://kubernetes.io/docs/reference/config-api/kubelet-config.v1/
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "helper/kubelet/protocol.h"

namespace cred {

// What a person gives as a registry, as an entry of matchImages: host[:port][/path], where a * in
// the host stands for any part of it between two dots. Docker Hub is docker.io. Throws bad_request,
// with the cure, for what the kubelet would not take or never match.
[[nodiscard]] std::string match_pattern(std::string_view registry);

// What is wrong with an IPv6 address without a port. It continues a sentence that begins with it.
inline constexpr const char* kNoPort =
    "is an IPv6 address without a port, whose brackets the kubelet takes for a set of letters; "
    "only "
    "[ADDRESS]:PORT can be matched";

struct ProviderConfig {
  std::set<std::string> patterns;  // for which this program answers; at least one
  std::map<std::string, std::string> environment = {};  // beside what the kubelet has
  std::chrono::seconds cache_time = kKubeletCacheTime;
  std::filesystem::path program = {};  // where it is, for the kubelet's options; may be empty
};

// A CredentialProviderConfig as YAML, with the kubelet's options as comments. Throws bad_request
// for a value that is not UTF-8.
[[nodiscard]] std::string write_provider_config(const ProviderConfig& config);

}  // namespace cred
