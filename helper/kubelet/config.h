// SPDX-License-Identifier: MIT
// The kubelet's configuration of image credential providers, with this program in it. Pure.
// https://kubernetes.io/docs/reference/config-api/kubelet-config.v1/
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cred {

// What a person gives as a registry, as an entry of matchImages: host[:port][/path], where a * in
// the host stands for any part of it between two dots. Docker Hub is docker.io. Throws bad_request,
// with the cure, for what the kubelet would not take or never match.
[[nodiscard]] std::string match_pattern(std::string_view registry);

// The same for a server that is stored, in whatever spelling; nullopt where no image can lie there.
[[nodiscard]] std::optional<std::string> match_pattern_of_stored(std::string_view server);

// A CredentialProviderConfig as YAML: this program answers for `patterns`, of which there is at
// least one, and finds `environment` beside what the kubelet has. Throws bad_request for a value
// that is not UTF-8.
[[nodiscard]] std::string write_provider_config(
    const std::set<std::string>& patterns, const std::map<std::string, std::string>& environment);

}  // namespace cred
