// SPDX-License-Identifier: MIT
#include "platform/system/file_status.h"

#include <sys/stat.h>

#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {

bool FileStatus::others_can_read() const { return (permissions & (S_IRGRP | S_IROTH)) != 0; }
bool FileStatus::others_can_write() const { return (permissions & (S_IWGRP | S_IWOTH)) != 0; }

FileStatus inspect_status(const std::filesystem::path& path) {
  constexpr mode_t kPermissions = 07777;
  FileStatus look;
  look.path = path;
  struct stat status = {};
  look.exists = lstat(path.c_str(), &status) == 0;
  if (look.exists && stat(path.c_str(), &status) == 0) {
    look.permissions = status.st_mode & kPermissions;
    look.owner = status.st_uid;
    look.disk = status.st_dev;
  }
  return look;
}

FileStatus inspect_file(const std::filesystem::path& path) {
  FileStatus look = inspect_status(path);
  try {
    look.text = read_file(path);
  } catch (const Error& failure) {
    look.failure = failure.what();
  }
  return look;
}

}  // namespace cred
