// SPDX-License-Identifier: MIT
// What people have to know of the certificate by which a place knows this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cred {

struct Certificate {
  std::string name;         // its CN, which etcd takes for the user; may be empty
  std::uint64_t until = 0;  // seconds since 1970
};

// The first one in the PEM file `path`. nullopt if it cannot be read, or libcrypto is not there.
[[nodiscard]] std::optional<Certificate> read_certificate(const std::filesystem::path& path);

}  // namespace cred
