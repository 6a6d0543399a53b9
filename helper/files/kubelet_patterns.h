// SPDX-License-Identifier: MIT
// For which images a kubelet asks this program: the patterns in its configuration of image
// credential providers, as `kubelet --print-config` writes it.
// https://kubernetes.io/docs/reference/config-api/kubelet-config.v1/
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

struct KubeletPatterns {
  std::filesystem::path file;
  std::vector<std::string> patterns;

  // Those of `servers`, as patterns, for whose images the kubelet asks nobody. What no image can
  // lie in is none of them.
  [[nodiscard]] std::vector<std::string> uncovered(const std::vector<std::string>& servers) const;
};

// The matchImages of this program, by the text of a CredentialProviderConfig in YAML; nullopt where
// it is not one of the providers, or they are written in another way than on lines of their own.
[[nodiscard]] std::optional<std::vector<std::string>> match_images(std::string_view config);

// Of the file where Kubernetes, k3s or RKE2 have it below `root`; nullopt without one that names
// this program.
[[nodiscard]] std::optional<KubeletPatterns> find_kubelet_patterns(
    const std::filesystem::path& root = "/");

// "the kubelet does not ask for …", with the cure; `uncovered` is not empty.
[[nodiscard]] std::string told_uncovered(const std::filesystem::path& file,
                                         const std::vector<std::string>& uncovered);

}  // namespace cred
