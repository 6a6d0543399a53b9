// SPDX-License-Identifier: MIT
#include "platform/system/file_status.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "platform/system/file.h"

namespace cred {
namespace {

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::regular;
  return S_ISDIR(mode) ? FileType::folder : FileType::other;
}

void add_why_unseen(FileStatus& status, int reason) {
  status.failure = Refusal{why_unseen(status.path, reason)};
  const auto in_the_way = find_in_the_way(status.path);
  struct stat found = {};
  const bool is_own_folder = in_the_way != status.path && stat(in_the_way.c_str(), &found) == 0 &&
                             S_ISDIR(found.st_mode) && found.st_uid == geteuid();
  if (is_own_folder) status.closed_own = in_the_way;
}

}  // namespace

bool FileStatus::others_can_read() const { return (permissions & (S_IRGRP | S_IROTH)) != 0; }
bool FileStatus::others_can_write() const { return cred::others_can_write(permissions); }

FileStatus inspect_status(const std::filesystem::path& path) {
  constexpr mode_t kPermissions = 07777;
  FileStatus status;
  status.path = path;
  status.exists = !is_absent(path);
  status.foreign = find_foreign(path);
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) {
    if (!says_absent(errno)) add_why_unseen(status, errno);
    return status;
  }
  std::error_code failed;
  status.is_link = std::filesystem::is_symlink(path, failed);
  status.type = type_of(found.st_mode);
  status.is_immutable = is_immutable(path);
  status.is_empty_folder =
      status.type == FileType::folder && !status.is_link && std::filesystem::is_empty(path, failed);
  status.permissions = found.st_mode & kPermissions;
  status.owner = found.st_uid;
  status.disk = found.st_dev;
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

Access inspect_writing(const std::filesystem::path& folder) {
  if (is_absent(folder) && folder.has_relative_path()) return inspect_writing(folder.parent_path());
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return Access::allowed;
  return errno == EROFS ? Access::read_only_disk : Access::denied;
}

}  // namespace cred
