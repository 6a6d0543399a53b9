// SPDX-License-Identifier: MIT
// The vault as it is, for a program that only inspects it: nothing is unlocked by asking, or
// written, and no function here fails.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/vault/manager.h"

namespace cred {

// A key slot of the vault, and what its key needs on this machine.
struct SlotInspection {
  KeySlot slot;
  FileStatus key_file;                         // of a key file whose path is known
  std::optional<std::string> missing_program;  // that clevis needs for it
};

struct VaultInspection {
  FileStatus file;                                 // without its text
  FileStatus folder;                               // that holds it
  std::optional<FileStatus> named_key_file;        // by the environment or the settings
  std::filesystem::path usual_key_file;            // as VaultManager has it
  std::optional<std::filesystem::path> elsewhere;  // one that is not looked for here
  std::optional<Refusal> failure;  // why it cannot be used, where it is there and cannot
  bool is_damaged = false;         // it was read, and is none that can be used
  VaultStatus status;
  std::vector<SlotInspection> slots;
};

[[nodiscard]] VaultInspection inspect_vault(const Environment& environment,
                                            const Settings& settings);

}  // namespace cred
