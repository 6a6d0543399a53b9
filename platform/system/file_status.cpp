// SPDX-License-Identifier: MIT
#include "platform/system/file_status.h"

#include <sys/stat.h>

#include "platform/system/file.h"

namespace cred {

bool FileStatus::others_can_read() const { return (permissions & (S_IRGRP | S_IROTH)) != 0; }
bool FileStatus::others_can_write() const { return (permissions & (S_IWGRP | S_IWOTH)) != 0; }

FileStatus inspect_status(const std::filesystem::path& path) {
  constexpr mode_t kPermissions = 07777;
  FileStatus status;
  status.path = path;
  struct stat found = {};
  status.exists = lstat(path.c_str(), &found) == 0;
  if (status.exists && stat(path.c_str(), &found) == 0) {
    status.permissions = found.st_mode & kPermissions;
    status.owner = found.st_uid;
    status.disk = found.st_dev;
  }
  return status;
}

FileStatus inspect_file(const std::filesystem::path& path) {
  FileStatus status = inspect_status(path);
  try {
    status.text = read_file(path);
  } catch (const Error& failure) {
    status.failure = Refusal{failure.what()};
  }
  return status;
}

}  // namespace cred
