// SPDX-License-Identifier: MIT
// What is typed behind `vault`.
#pragma once

#include <string>
#include <vector>

#include "helper/cli/command_line.h"

namespace cred {

enum class VaultAction {
  create,
  unlock,
  lock,
  describe,
  destroy,
  change_passphrase,
  list_keys,
  add_key,
  remove_key,
  share,
  join,
  sync,
  leave,
};

// The options by which a key is given.
struct KeyOptions {
  bool passphrase = false;
  std::string key_file;
  std::vector<std::string> clevis;
  std::string label;
};

// The options by which a place is given.
struct SharingOptions {
  std::string place, id;
  std::string ca, cert, cert_key, password_file, key_file;
  bool replace = false;
};

struct VaultOptions {
  VaultAction action = VaultAction::describe;  // what is to be done

  KeyOptions key;
  SharingOptions sharing;
  std::string time = "8h";
  std::string unlock_key_file;
  bool json = false;
  bool quiet = false;
  bool yes = false;
  bool if_missing = false;
  std::string id;
  bool keep_data_key = false;
  bool new_data_key = false;
};

// Fills in `options`, which has to outlive it.
[[nodiscard]] Grammar vault_grammar(VaultOptions& options);

}  // namespace cred
