// SPDX-License-Identifier: MIT
// A folder of ours alone in memory: what is secret in it never reaches a disk.
#pragma once

#include <filesystem>

#include "platform/system/environment.h"

namespace cred {

class MemoryFolder {
 public:
  // Empty, 0700, in $XDG_RUNTIME_DIR or /dev/shm. Throws Error(io) where neither is in memory.
  explicit MemoryFolder(const Environment& environment);
  MemoryFolder(const MemoryFolder&) = delete;
  MemoryFolder& operator=(const MemoryFolder&) = delete;
  // With everything in it.
  ~MemoryFolder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace cred
