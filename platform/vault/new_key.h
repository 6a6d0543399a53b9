// SPDX-License-Identifier: MIT
// A key of a vault that is to be: asked for, read or made, or sealed by clevis. Private to this
// folder.
#pragma once

#include <filesystem>
#include <string>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/locked_bytes.h"
#include "platform/text/notes.h"
#include "platform/vault/manager.h"
#include "platform/vault/vault.h"

namespace cred {

// A slot, save for its wrap, and the material that its key is made of.
struct NewKey {
  KeySlot slot;
  LockedBytes material;
  std::filesystem::path made = {};  // the key file that was made for it, if there is one
};

struct KeySource {
  const Environment& environment;
  const Settings& settings;
  const Notes& notes;
  Vault& vault;
};

// What the user does not give is an error that says `outcome`: "no key was added".
[[nodiscard]] NewKey make_key(const NewSlot& wanted, const std::string& outcome,
                              const KeySource& source);

// Whether making the key leaves something behind that others could come to need.
[[nodiscard]] bool leaves_key_file(const NewSlot& wanted);

// Runs `write`, of a vault that needs the key file `made`. That file stays in any case: another
// vault may need it by now.
template <typename Write>
void write_with(const std::filesystem::path& made, Write write) {
  try {
    write();
  } catch (const Error& failure) {
    if (made.empty()) throw;
    throw Error(failure.code(), std::string(failure.what()) + "; the key file " + made.string() +
                                    ", which was made for it, is left");
  }
}

}  // namespace cred
