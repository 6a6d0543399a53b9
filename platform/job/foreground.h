// SPDX-License-Identifier: MIT
// A program in our place: with our stdin, stdout and stderr, and the signals that are sent to us.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "platform/job/memory_folder.h"
#include "platform/system/child.h"
#include "platform/system/environment.h"
#include "platform/system/file.h"

namespace cred {

// Removes a folder when this process has gone, however it went, also by kill -9.
class FolderWatcher {
 public:
  // A process of its own, in a session of its own, which no signal ends that is sent to ours. It
  // watches when this returns. Throws Error(io).
  explicit FolderWatcher(const std::filesystem::path& folder);
  FolderWatcher(const FolderWatcher&) = delete;
  FolderWatcher& operator=(const FolderWatcher&) = delete;
  // It has ended when this returns, and the folder is gone.
  ~FolderWatcher();

 private:
  Fd alive_;  // what the watcher waits for the end of
  pid_t pid_ = 0;
};

// A folder in memory that goes with this process, however it goes.
class WatchedFolder {
 public:
  // A signal that comes meanwhile takes effect when the folder is watched. Throws Error(io).
  explicit WatchedFolder(const Environment& environment);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }

 private:
  std::optional<HeldSignals> held_;
  MemoryFolder folder_;
  FolderWatcher watcher_;
};

// How a program that was run ended, as shells say it.
struct ForegroundResult {
  int status = 0;   // its exit status; 128 + N where signal N ended it
  int why_not = 0;  // errno, where it could not be started; then the status says nothing
};

// Runs `program`, with `arguments` (its name first) and exactly `environment` ("NAME=value"), with
// the umask, the limit of core dumps and the signals that this process was started with. Signals
// that others send to this process go on to it; those of the terminal reach it by themselves.
// Throws Error(io).
[[nodiscard]] ForegroundResult run_in_foreground(const std::filesystem::path& program,
                                                 std::span<const std::string> arguments,
                                                 std::span<const std::string> environment);

}  // namespace cred
