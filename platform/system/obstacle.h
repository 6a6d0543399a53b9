// SPDX-License-Identifier: MIT
// What keeps a file from being read. It is absent by one errno alone: what cannot be seen is not
// absent, and nothing may be forgotten, made anew or advised because of it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "platform/system/error.h"

namespace cred {

// Whether the errno `reason` says that nothing is there; no other one does.
[[nodiscard]] bool says_absent(int reason);

// Whether nothing is at `path`, not even a link that leads nowhere.
[[nodiscard]] bool is_absent(const std::filesystem::path& path);

// Whether `path` is marked as immutable, or as one that can only grow (chattr): not even root can
// replace it, or make a file in such a folder.
[[nodiscard]] bool is_immutable(const std::filesystem::path& path);

// The part of `wanted` that bars it: a folder that is closed, a file in the place of
// a folder, a link in a circle; or `wanted` itself.
[[nodiscard]] std::filesystem::path find_in_the_way(const std::filesystem::path& wanted);

// Why `wanted` cannot be seen or read, for the errno `reason`, with what bars it: as an Error's
// message.
[[nodiscard]] std::string why_unseen(const std::filesystem::path& wanted, int reason);

// Throws Error(io) with why_unseen() for errno.
[[noreturn]] void throw_unseen(const std::filesystem::path& wanted);

// What lies at `path` in the place of a file, by its mode, and what may have made it; nullopt for a
// regular file.
[[nodiscard]] std::optional<Refusal> why_no_file(const std::filesystem::path& path, mode_t mode);

// What has to become this user's so that `wanted` can be read and written.
struct ForeignPart {
  std::filesystem::path path;
  bool is_own_folder = false;  // that of `wanted`, with all that is in it
};

// The highest part of `wanted` that belongs to somebody else and lies in a folder of this user's:
// what another user keeps elsewhere is theirs. nullopt too for what is no regular file or folder,
// also through a link.
[[nodiscard]] std::optional<ForeignPart> find_foreign(const std::filesystem::path& wanted);

}  // namespace cred
