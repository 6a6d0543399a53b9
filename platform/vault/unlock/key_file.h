// SPDX-License-Identifier: MIT
// Key files: what unlocks a vault on a machine where nobody types. Private to platform/vault/.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "platform/system/environment.h"
#include "platform/system/locked_bytes.h"
#include "platform/text/notes.h"

namespace cred {

// The material in a key file, 32 to 4,096 bytes, or a key that clevis sealed, 16 KiB at most; less
// the line end. Throws Error(wrong_key) where
// it cannot be used: missing, too short, another user's, or open for others to write. That others
// can read it is warned of on `notes`, except below the folder that a service manager hands
// credentials over in.
[[nodiscard]] LockedBytes read_key_file(const std::filesystem::path& path,
                                        const Environment& environment, const Notes& notes);

// Whether `material` looks like a key that clevis sealed, a JWE in compact form; it may be material
// itself all the same.
[[nodiscard]] bool looks_sealed(Bytes material);

// What was read of a key, less its line ends. Throws Error(bad_request) if it is too short or too
// long; `what` names it.
[[nodiscard]] LockedBytes checked_key(LockedBytes material, const std::string& what);

// The same from a descriptor, as stdin.
[[nodiscard]] LockedBytes read_key(int fd, const std::string& what);

// Makes a file, 0600, with a random key in one line that begins "dck-key-1:", on the disk when this
// returns. Makes its folder if that is missing. Throws Error(io) if the file is there already.
[[nodiscard]] LockedBytes make_key_file(const std::filesystem::path& path);

// The key file that the environment names: $DOCKER_CREDENTIAL_KEYRING_KEY_FILE, else
// docker-credential-keyring in $CREDENTIALS_DIRECTORY if it is there.
[[nodiscard]] std::optional<std::filesystem::path> key_file_of(const Environment& environment);

// Whether it stands for stdin.
[[nodiscard]] inline bool is_stdin(const std::filesystem::path& file) { return file == "-"; }

}  // namespace cred
