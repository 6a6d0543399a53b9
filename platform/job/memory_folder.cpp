// SPDX-License-Identifier: MIT
#include "platform/job/memory_folder.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/text/notes.h"

namespace cred {
namespace {

constexpr std::string_view kSharedMemory = "/dev/shm";

// A folder of ours alone, or one of all in which nobody can remove what is ours.
bool is_usable(const std::filesystem::path& folder, uid_t uid) {
  struct stat status = {};
  struct statfs system = {};
  if (stat(folder.c_str(), &status) != 0 || statfs(folder.c_str(), &system) != 0) return false;
  const bool in_memory = system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
  const bool ours = status.st_uid == uid && !others_can_write(status.st_mode);
  return S_ISDIR(status.st_mode) && in_memory && (ours || (status.st_mode & S_ISVTX) != 0);
}

}  // namespace

MemoryFolder::MemoryFolder(const Environment& environment) {
  for (const auto& parent : {environment.runtime_folder(), std::filesystem::path(kSharedMemory)}) {
    if (!is_usable(parent, environment.uid)) continue;
    std::string name = parent / (std::string(kProgram) + ".XXXXXX");
    if (mkdtemp(name.data()) == nullptr) continue;
    path_ = name;
    return;
  }
  throw Error(Errc::io,
              "a folder in memory is needed, and neither XDG_RUNTIME_DIR nor /dev/shm is one");
}

MemoryFolder::~MemoryFolder() {
  std::error_code failed;
  std::filesystem::remove_all(path_, failed);
}

}  // namespace cred
