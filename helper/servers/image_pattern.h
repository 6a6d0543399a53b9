// SPDX-License-Identifier: MIT
// Which images a registry stands for, as the kubelet's matchImages and its own config.json have it:
// host[:port][/path], where a * in the host is any part of it between two dots. Pure.
// https://kubernetes.io/docs/concepts/containers/images/#config-json
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cred {

// Where an image lies, without tag and digest.
struct ImageName {
  std::string registry;  // host[:port] as the image spells it; Docker Hub is docker.io
  std::string path;      // "team/app"
};

// Whether the first part of an image's name is a registry: with a dot, a port, or "localhost".
[[nodiscard]] bool looks_like_registry(std::string_view part);

// Of a server in whatever spelling; Docker Hub is docker.io. nullopt where no image can lie there,
// and for what the kubelet would not take or never match.
[[nodiscard]] std::optional<std::string> image_pattern(std::string_view server);

// Whether `pattern`, which image_pattern() gave, has a * in it.
[[nodiscard]] bool is_glob(std::string_view pattern);

// As the kubelet matches: all parts of the host, the port, and the beginning of the path.
[[nodiscard]] bool matches(std::string_view pattern, const ImageName& image);

// Whether every image that `part` matches is one that `pattern` matches.
[[nodiscard]] bool covers(std::string_view pattern, std::string_view part);

// Whether `server` is an IPv6 address without a port. The kubelet takes its brackets for a set of
// letters, and so never matches it.
[[nodiscard]] bool is_bare_address6(std::string_view server);

}  // namespace cred
