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

struct Environment {
  std::map<std::string, std::string, std::less<>> variables;
  uid_t uid = 0;
  std::filesystem::path account_home;  // as the account database says; empty if it knows none

  // Root's own: under `sudo -E` the folders that HOME and the XDG variables name are another
  // user's, and what root kept there would be theirs. Such variables are left out, and named on
  // `notes`.
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

struct Account {
  std::string name;
  uid_t uid = 0;
  std::filesystem::path home;
};

// Those that the account database of this machine lists, as of a person or of a service.
[[nodiscard]] std::vector<Account> list_accounts();

}  // namespace cred
