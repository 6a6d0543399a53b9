// SPDX-License-Identifier: MIT
// What people are told to do, and what they should know of their machine: once, for the hint below
// a failure, for migrate's warnings and for the findings of doctor.
#pragma once

#include <string>
#include <string_view>

#include "platform/store/store_id.h"
#include "platform/system/error.h"
#include "platform/system/file_status.h"

namespace cred {

// Who is there to unlock something.
struct Attendance {
  bool has_terminal = false;
  bool has_dialogs = false;  // of the keyring

  [[nodiscard]] static Attendance of_process();
};

// What to do next; empty if the message of the failure says it.
[[nodiscard]] std::string hint_for(const Error& failure, const Attendance& here);

// The command that makes a vault where the user is: at a terminal they are asked for a passphrase,
// elsewhere it gets a key file at `key_file`.
[[nodiscard]] std::string vault_create_command(bool at_terminal, const std::string& key_file);

// Empty for a store that another program unlocks.
[[nodiscard]] std::string unlock_command(StoreId store);

// Lets this user read and write a file that cannot be, or removes what lies in its place.
// Empty where no command is safe: nothing is loosened or removed that was not seen, and neither
// the owner nor the mode of what is no regular file changes.
[[nodiscard]] std::string access_command(const FileStatus& file);

// The same for `folder`, that of `file`, which cannot be written.
[[nodiscard]] std::string folder_access_command(const FileStatus& file, const FileStatus& folder);

// About $DOCKER_AUTH_CONFIG.
inline constexpr std::string_view kAuthConfigOverrides =
    "DOCKER_AUTH_CONFIG is set; docker takes its logins over those that are stored";

// These continue a sentence that begins with the path of a file, or with whose login it is.
inline constexpr std::string_view kKeyringIsUnprotected =
    " has an empty password, so its secrets lie in clear on the disk; give it one in Passwords and "
    "Keys (seahorse)";
inline constexpr const char* kSnapCannotAsk =
    "docker's snap cannot start a helper of the host, so its logins stay in plaintext";
inline constexpr std::string_view kSnapIsAlone =
    " belongs to docker's snap, which cannot start a helper of the host, so its logins stay in "
    "plaintext";
inline constexpr std::string_view kIsNoUseToKubelets =
    " is an identity token, which a kubelet cannot use; log in there with a password or an access "
    "token";
inline constexpr std::string_view kHoldsPlaintext = " still holds logins in plaintext";

}  // namespace cred
