// SPDX-License-Identifier: MIT
// Where the program and its keyring modules lie on the disk.
#pragma once

#include <array>
#include <filesystem>

namespace cred {

// What to do about Errc::no_module.
inline constexpr std::string_view kModuleCure =
    "install docker-credential-keyring again, whole, with what its keyring modules need "
    "(libsystemd0, libgcrypt20, libsecret-1-0); or use the vault";

inline constexpr const char* kServiceModule = "keyring.so";
inline constexpr const char* kAskerModule = "keyring-libsecret.so";
inline constexpr std::array kModules{kServiceModule, kAskerModule};

struct Installation {
  std::filesystem::path program;
  std::filesystem::path modules;  // their folder: where they were installed, else the program's
};

// The one that runs; nothing of it need be there any more.
[[nodiscard]] Installation this_installation();

// The folder in which the modules belong for a program in `folder`.
[[nodiscard]] std::filesystem::path modules_for(const std::filesystem::path& folder);

}  // namespace cred
