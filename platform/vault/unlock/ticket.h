// SPDX-License-Identifier: MIT
// A vault that stays unlocked for a time: a random key in the kernel's keyring of this user, and a
// ticket file beside the vault, sealed by this key. Either alone is worth nothing, so neither a
// backup of the folder nor a container that reads the kernel's keyring unlocks anything. Private to
// platform/vault/.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/system/locked_bytes.h"
#include "platform/text/notes.h"

namespace cred {

struct UnlockedVault {
  LockedBytes data_key;
  std::uint64_t until = 0;  // seconds since 1970
};

class VaultTickets {
 public:
  // `folder` is an open descriptor of the vault's folder, which the caller has checked, and keeps.
  VaultTickets(int folder, std::string_view vault_id) : folder_(folder), vault_id_(vault_id) {}

  // nullopt if nothing keeps the vault unlocked for this process. Takes microseconds.
  [[nodiscard]] std::optional<UnlockedVault> find() const;

  // The last second until which something else may keep the vault unlocked that find() does not
  // see, as in a user namespace; nullopt if nothing does. Tickets of before a reboot are none.
  [[nodiscard]] std::optional<std::uint64_t> elsewhere_until() const;

  // Keeps the vault unlocked for `time` from now, instead of what keeps it unlocked so far. Where
  // the kernel's keyring may not be used, or the folder not be written, it says so on `notes`, and
  // nothing is kept: false. In a user namespace it says there that it is unlocked for that one
  // alone.
  [[nodiscard]] bool issue(const LockedBytes& data_key, std::chrono::seconds time,
                           const Notes& notes) const;

  // Ends all that keeps this vault unlocked, in every session and namespace. Without an id, as of a
  // damaged vault, only the tickets go, which is enough. Throws left_behind where a ticket stays.
  void end_all() const;

 private:
  int folder_;
  std::string vault_id_;
};

}  // namespace cred
