// SPDX-License-Identifier: MIT
// One lock per user around every change of the keyring and every unlocking: without it, writers of
// one server delete each other's items, and thirty processes show thirty prompts. Private to this
// folder.
#pragma once

#include <chrono>
#include <optional>

#include "platform/environment.h"
#include "platform/file.h"

namespace cred {

class KeyringLock {
 public:
  // Waits up to `limit`; throws timed_out if another process holds the lock all that time. The file
  // lies in our state folder, or in the runtime folder where that cannot be written.
  KeyringLock(const Environment& environment, std::chrono::milliseconds limit);

  // Whether a prompt was refused while we waited for the lock, or just before. One refusal counts
  // for all who wait: the user said no once.
  [[nodiscard]] bool was_refused() const;
  void record_refusal();

 private:
  std::chrono::nanoseconds waiting_since_;
  FileLock lock_;
};

}  // namespace cred
