// SPDX-License-Identifier: MIT
// What surrounds the process and decides where things lie; a test makes its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/text/notes.h"

namespace cred {

// A variable by which root would come to a place of another user's.
struct ForeignPlace {
  std::string variable;
  std::filesystem::path place;
  uid_t owner = 0;  // of the nearest folder that is there
};

// How the names of our own variables begin.
inline constexpr std::string_view kOurVariables = "DOCKER_CREDENTIAL_KEYRING_";

using Variables = std::map<std::string, std::string, std::less<>>;

// Each as "NAME=value", which exec() takes.
[[nodiscard]] std::vector<std::string> texts_of(const Variables& variables);

struct Environment {
  Variables variables;
  uid_t uid = 0;
  std::filesystem::path account_home;  // as the account database says; empty if it knows none

  // Root's alone, as under `sudo -E`: what root kept in places of another user would be theirs.
  std::vector<ForeignPlace> foreign;

  // HOME and the XDG variables that lead to `foreign` places are left out, so that root's own are
  // used; this is said on `notes`.
  [[nodiscard]] static Environment of_process(const Notes& notes);

  // An empty variable counts as unset, as it does for docker and for the XDG folders.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;

  // $HOME, or the account's home where that is unset or relative. Throws where neither is known:
  // no path of ours is ever relative to the working folder.
  [[nodiscard]] std::filesystem::path home() const;
  [[nodiscard]] bool has_home() const;

  // Our own folders by the XDG rules: relative values are ignored. None of them need exist. Throw
  // where home() is needed and does.
  [[nodiscard]] std::filesystem::path config_folder() const;
  [[nodiscard]] std::filesystem::path state_folder() const;

  // $XDG_CONFIG_HOME and $XDG_DATA_HOME themselves, by the same rules: other programs' settings
  // and data.
  [[nodiscard]] std::filesystem::path config_home() const;
  [[nodiscard]] std::filesystem::path data_home() const;

  // $XDG_RUNTIME_DIR, or the place where logind makes it.
  [[nodiscard]] std::filesystem::path runtime_folder() const;
};

// Our own file in a folder that all programs of a session share.
[[nodiscard]] std::filesystem::path runtime_file(const std::filesystem::path& runtime_folder,
                                                 std::string_view name);

}  // namespace cred
