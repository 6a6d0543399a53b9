// SPDX-License-Identifier: MIT
// The kubelet's image credential provider protocol, v1: the text of a request → what is asked for;
// the answer → text. Pure.
// https://kubernetes.io/docs/reference/config-api/kubelet-credentialprovider.v1/
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "helper/servers/image_pattern.h"
#include "platform/store/store.h"

namespace cred {

inline constexpr std::string_view kKubeletApiVersion = "credentialprovider.kubelet.k8s.io/v1";

// For how long the kubelet may keep a credential.
inline constexpr std::chrono::seconds kKubeletCacheTime = std::chrono::minutes(10);

// As Go reads and writes a time: "10m0s".
[[nodiscard]] std::string go_duration(std::chrono::seconds time);

// The image of a CredentialProviderRequest. Members that are not known are ignored. Throws
// bad_request; nothing of the request is quoted, because it may hold a token.
[[nodiscard]] ImageName parse_kubelet_request(std::string_view text);

// What the kubelet is to use a credential for.
enum class KubeletScope {
  image,     // this image alone
  registry,  // every image of its registry
};

// The CredentialProviderResponse. The server of `credential` is what the names of images begin
// with; nullopt: there is none, which the kubelet is not to remember. Throws Errc::io for a
// credential that JSON cannot carry.
[[nodiscard]] std::string write_kubelet_response(
    const std::optional<Credential>& credential, KubeletScope scope,
    std::chrono::seconds cache_time = kKubeletCacheTime);

}  // namespace cred
