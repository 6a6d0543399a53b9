// SPDX-License-Identifier: MIT
// The lock around asking the user: thirty processes that docker starts together show one prompt,
// and a refusal of it counts for all that wait.
#pragma once

#include <chrono>
#include <filesystem>

#include "platform/system/file.h"

namespace cred {

class PromptLock {
 public:
  // Waits up to `limit`; throws timed_out, saying "another process is still busy with BUSY_WITH",
  // if another process holds the lock all that time. A relative `path` is one in `folder`.
  PromptLock(const std::filesystem::path& path, std::chrono::milliseconds limit,
             const std::string& busy_with, int folder = AT_FDCWD);
  PromptLock(const LockPlace& place, std::chrono::milliseconds limit, const std::string& busy_with);

  // Whether a prompt was refused while we waited for the lock, or just before. One refusal counts
  // for all who wait: the user said no once.
  [[nodiscard]] bool was_refused() const;
  void record_refusal();

 private:
  std::chrono::nanoseconds waiting_since_;
  FileLock lock_;
};

}  // namespace cred
