// SPDX-License-Identifier: MIT
// Files of a machine's own services, as far as doctor reads them: where the kubelet, containerd,
// k3s, RKE2 and CRI-O find credentials, and the PATH that sudo sets.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/file_status.h"

namespace cred {

// A file in which a node's own services find credentials. None of them asks a helper of docker's.
struct NodeFile {
  FileStatus file;
  std::string reader;  // "the kubelet"
  bool holds_credentials = false;
};

// Whether a kubelet finds its credentials in `file`, a config.json: by the folder, for a kubelet's
// own may be anywhere (--root-dir).
[[nodiscard]] bool is_of_kubelet(const std::filesystem::path& file);

// Whether this machine is one of a cluster: a kubelet has its folder below `root`, or k3s or RKE2.
[[nodiscard]] bool is_node(const std::filesystem::path& root);

// Those that are there, below `root`.
[[nodiscard]] std::vector<NodeFile> inspect_node_files(const std::filesystem::path& root);

// Whether `text` gives a credential: a password, a token, a header with one, or user and password
// in base64. Of YAML, a value on the line below its name is not seen; a broken TOML is searched as
// YAML is.
[[nodiscard]] bool toml_gives_credential(std::string_view text);
[[nodiscard]] bool yaml_gives_credential(std::string_view text);

// What TOML sets `name` to, in whichever table; nullopt if it does not, or to nothing.
[[nodiscard]] std::optional<std::string> toml_value(std::string_view text, std::string_view name);

// The PATH for the programs that sudo starts, by the text of its sudoers; nullopt if it leaves the
// user's as it is.
[[nodiscard]] std::optional<std::string> secure_path_of(std::string_view sudoers);

}  // namespace cred
