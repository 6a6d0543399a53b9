// SPDX-License-Identifier: MIT
// The state of the keyring, for doctor. Nothing is started, unlocked, asked or written, and no
// function here fails or takes longer than a few seconds.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"

namespace cred {

// Whether this program was built with what speaks to a keyring.
[[nodiscard]] bool has_keyring();

// What to do where the session bus is another user's.
inline constexpr std::string_view kForeignBusHint =
    "unset DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR, or log in as this user instead of by su or "
    "sudo";

// What to do about Errc::no_library.
inline constexpr std::string_view kLibraryHint =
    "install the libraries that the keyring needs: libsystemd, libgcrypt and libsecret (on Debian "
    "libsystemd0, libgcrypt20 and libsecret-1-0); or use the vault";

struct KeyringStatus {
  std::string bus;               // its address; empty if there is none to be used
  std::optional<Error> failure;  // what ended the inspection early

  // "gnome-keyring", "KeePassXC", "KWallet", or what the program calls itself; empty if none runs.
  std::string provider;
  unsigned process = 0;         // its id; 0 where that is not known
  bool is_activatable = false;  // the bus starts one when it is called

  bool has_collection = false;  // a default one
  bool is_locked = false;
  bool may_ask = false;  // whether a prompt of the keyring would be shown

  // Why the library that shows a prompt cannot be loaded, if so.
  std::optional<std::string> prompter_failure;

  // The user names of its items by server, as far as they can be read.
  std::map<std::string, std::vector<std::string>> items;

  // Whether it can be used without asking anybody.
  [[nodiscard]] bool is_unlocked() const {
    return !failure && !provider.empty() && has_collection && !is_locked;
  }
  // Whether it would take a credential, now or after asking.
  [[nodiscard]] bool is_usable() const {
    return is_unlocked() || (!failure && may_ask && (!provider.empty() || is_activatable));
  }
};

[[nodiscard]] KeyringStatus inspect_keyring(const Environment& environment,
                                            const Settings& settings);

// Whether the keyring may show a prompt: as it was set, else with a display and not over SSH.
[[nodiscard]] bool may_ask(const Environment& environment, Prompting prompting);

// Whether keyrings lie on the disk, of a session that may not be this one: gnome-keyring's, oo7's
// or KWallet's.
[[nodiscard]] bool has_keyring_files(const Environment& environment);

// The keyrings of gnome-keyring with an empty password: their secrets are in clear on the disk.
[[nodiscard]] std::vector<std::filesystem::path> find_unprotected_keyrings(
    const Environment& environment);

}  // namespace cred
