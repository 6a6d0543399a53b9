// SPDX-License-Identifier: MIT
#include "platform/system/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "platform/system/error.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

constexpr const char* kImmutable =
    "is marked as immutable, and nobody can replace it; as root, chattr -i takes the mark off";
constexpr mode_t kPermissions = 0777;
constexpr unsigned kMountRoot = 0x2000;  // STATX_ATTR_MOUNT_ROOT, which musl does not have
constexpr std::string_view kTemporarySuffix = ".docker-credential-keyring.";

constexpr const char* kIsForeign = "belongs to another user or group; run this as its owner";

// Whether a file of this user's may be given to `group`.
bool is_own_group(gid_t group) {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
  if (getgroups(static_cast<int>(groups.size()), groups.data()) < 0) return true;
  return group == getegid() || std::ranges::find(groups, group) != groups.end();
}

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  throw Error(Errc::io, path.string() + ": " + why);
}

std::string reason() { return std::generic_category().message(errno); }

// Whether the file's access control list, if it has one, is the temporary file's too.
bool copy_access_list(int from_fd, int to_fd) {
  constexpr const char* kName = "system.posix_acl_access";
  std::array<char, 4096> list = {};
  const ssize_t size = fgetxattr(from_fd, kName, list.data(), list.size());
  if (size < 0) return errno == ENODATA || errno == EOPNOTSUPP;
  return fsetxattr(to_fd, kName, list.data(), static_cast<std::size_t>(size), 0) == 0;
}

// Gives the temporary file what the file has, and of its rights those of `kept`; whether it had
// others. Only ever narrower until the last step: it is made with mode 0600.
bool copy_mode_and_owner(int from_fd, int to_fd, const std::filesystem::path& path, mode_t kept) {
  struct stat file = {};
  struct stat temporary = {};
  if (fstat(from_fd, &file) != 0 || fstat(to_fd, &temporary) != 0) throw_errno(path.string());
  if (!S_ISREG(file.st_mode)) fail(path, "is no regular file");
  const bool same_owner = file.st_uid == temporary.st_uid && file.st_gid == temporary.st_gid;
  if (!same_owner && fchown(to_fd, file.st_uid, file.st_gid) != 0) {
    fail(path, kIsForeign);
  }
  // With such a list the group's part of the mode is the most that anybody in it has.
  if (!copy_access_list(from_fd, to_fd)) kept &= ~static_cast<mode_t>(S_IRWXG);
  set_mode(to_fd, file.st_mode & kept, path.string());
  return (file.st_mode & kPermissions & ~kept) != 0;
}

void refuse_what_stays(const std::filesystem::path& path) {
  struct statx status = {};
  if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_TYPE, &status) != 0) {
    if (errno == EPERM || errno == ENOSYS) return;  // in a container that is not let ask
    throw_unseen(path);
  }
  if (is_immutable(path)) fail(path, kImmutable);
  if ((status.stx_attributes & kMountRoot) != 0) {
    fail(path,
         "is a mount point and cannot be replaced; run this where the file itself lies, or "
         "mount its folder instead");
  }
}

std::optional<std::uintmax_t> number_if_linked(const Fd& file) {
  struct stat status = {};
  if (!file || fstat(file.get(), &status) != 0 || status.st_nlink < 2) return std::nullopt;
  return status.st_ino;
}

// What stands in the folder of `target` and begins with its name, itself left out.
std::vector<std::filesystem::path> beside(const std::filesystem::path& target) {
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  const std::string name = target.filename();
  for (const auto& path : list_folder(target.parent_path())) {
    const std::string other = path.filename();
    if (other.starts_with(name) && other != name &&
        std::filesystem::is_regular_file(path, failed)) {
      found.push_back(path);
    }
  }
  return found;
}

bool is_own_leftover(const std::filesystem::path& path) {
  return path.filename().string().find(kTemporarySuffix) != std::string::npos;
}

// That `file` cannot be written in its folder, for errno.
[[noreturn]] void throw_not_writable(const std::filesystem::path& file) {
  const bool is_read_only = errno == EROFS;
  const std::string text = "cannot write here: " + reason();
  const auto folder = file.parent_path();
  if (is_read_only) fail(folder, text + "; the disk is read-only here, so run it where it is not");
  if (is_immutable(folder)) fail(folder, kImmutable);
  const std::string why = text + "; make this folder writable and run it again";
  // What helps with a folder of this user's own is no chmod of the file.
  if (!find_foreign(file)) fail(folder, why);
  throw Error(Errc::io, folder.string() + ": " + why, file);
}

}  // namespace

ConfigFile::ConfigFile(ConfigFile&& other) noexcept
    : path_(std::move(other.path_)),
      prepared_(std::move(other.prepared_)),
      temporary_(std::exchange(other.temporary_, {})),
      temporary_fd_(std::move(other.temporary_fd_)),
      linked_(other.linked_),
      narrows_(other.narrows_),
      is_narrowed_(other.is_narrowed_),
      may_have_been_replaced_(other.may_have_been_replaced_) {}

ConfigFile::~ConfigFile() { discard_temporary(); }

std::optional<std::string> ConfigFile::read() const { return read_file(path_); }

void ConfigFile::prepare(bool narrow) {
  discard_temporary();
  narrows_ = narrow;
  prepared_ = target();
  const auto& file = prepared_;
  if (file.has_parent_path()) make_private_folder(file.parent_path());
  const Fd current(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!current && !says_absent(errno)) throw_unseen(file);
  if (current) refuse_what_stays(file);
  linked_ = number_if_linked(current);
  std::string name = file.string() + std::string(kTemporarySuffix) + "XXXXXX";
  temporary_fd_ = Fd(mkostemp(name.data(), O_CLOEXEC));
  if (!temporary_fd_) throw_not_writable(file);
  temporary_ = name;
  if (!current) return;
  const mode_t kept = narrow ? S_IRWXU : kPermissions;
  is_narrowed_ = copy_mode_and_owner(current.get(), temporary_fd_.get(), file, kept);
}

void ConfigFile::check_replaceable() const {
  const auto file = target();
  struct stat status = {};
  if (stat(file.c_str(), &status) == 0) {
    refuse_what_stays(file);
    const bool is_own = status.st_uid == geteuid() && is_own_group(status.st_gid);
    if (geteuid() != 0 && !is_own) fail(file, kIsForeign);
  } else if (!says_absent(errno)) {
    throw_unseen(file);
  }
  auto folder = file.parent_path();
  while (folder.has_relative_path() && is_absent(folder)) folder = folder.parent_path();
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) throw_not_writable(file);
}

bool ConfigFile::replace(const std::optional<std::string>& expected, std::string_view bytes) {
  if (temporary_.empty()) prepare(narrows_);
  const auto& file = prepared_;
  if (target() != file) {
    discard_temporary();
    return false;
  }
  write_temporary(bytes);
  if (!expected) {
    if (renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno != EEXIST) throw_errno(file.string());
      discard_temporary();
      return false;
    }
    temporary_.clear();
    sync_folder_of(file);
    return true;
  }
  exchange(file);
  if (took_out(expected, file)) {
    discard_temporary();
    sync_folder_of(file);
    return true;
  }
  put_back(file);  // another program wrote after we had read: its file goes in its place again
  if (is_temporary(bytes)) {
    may_have_been_replaced_ = false;
    discard_temporary();
    return false;
  }
  // And once more, on top of ours, in that very moment: the newer one stays in place.
  put_back(file);
  keep_temporary("another program is writing it; what it wrote before");
}

std::vector<std::filesystem::path> ConfigFile::own_leftovers() const {
  auto found = beside(target());
  std::erase_if(found,
                [&](const auto& path) { return !is_own_leftover(path) || path == temporary_; });
  return found;
}

std::vector<std::filesystem::path> ConfigFile::namesakes() const {
  auto found = beside(target());
  std::erase_if(found, is_own_leftover);
  return found;
}

std::filesystem::path ConfigFile::target() const {
  constexpr int kMostLinks = 40;  // as the kernel
  std::filesystem::path path = std::filesystem::absolute(path_);
  for (int links = 0; links < kMostLinks; ++links) {
    std::error_code failed;
    if (!std::filesystem::is_symlink(path, failed)) return path;
    const auto link = std::filesystem::read_symlink(path, failed);
    if (!failed) path = path.parent_path() / link;  // else it is a link no more
  }
  fail(path_, "too many symbolic links");
}

void ConfigFile::exchange(const std::filesystem::path& target) {
  const char* name = temporary_.c_str();
  if (renameat2(AT_FDCWD, name, AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
    throw_errno(target.string());
  }
  may_have_been_replaced_ = true;
}

// The second exchange, after one that took out what it should not have.
void ConfigFile::put_back(const std::filesystem::path& target) {
  try {
    exchange(target);
  } catch (const Error&) {
    keep_temporary("could not be put back; what was in it");
  }
}

// Whether the first exchange took exactly `expected` out of its place. Where that cannot be read,
// everything goes back before the error goes on.
bool ConfigFile::took_out(const std::optional<std::string>& expected,
                          const std::filesystem::path& target) {
  try {
    return read_file(temporary_) == expected;
  } catch (const Error&) {
    put_back(target);
    may_have_been_replaced_ = false;
    throw;
  }
}

// Whether the second exchange brought back what we had put in place. What cannot be read is kept:
// it may be another program's.
bool ConfigFile::is_temporary(std::string_view bytes) {
  try {
    return read_file(temporary_) == bytes;
  } catch (const Error& failure) {
    keep_temporary(std::string(failure.what()) + "; what cannot be read");
  }
}

// By the descriptor that made it: the mode may forbid to open it for writing again.
void ConfigFile::write_temporary(std::string_view bytes) {
  try {
    write_all(temporary_fd_.get(), bytes, temporary_.string());
    if (fsync(temporary_fd_.get()) != 0) throw_errno(temporary_.string());
  } catch (const Error& failure) {
    throw Error(Errc::io, std::string(failure.what()) +
                              "; free some space on this disk, or repair it, and run it again");
  }
  temporary_fd_ = Fd();
}

void ConfigFile::keep_temporary(const std::string& why) {
  const auto kept = std::exchange(temporary_, {});
  fail(path_, why + " lies in " + kept.string());
}

void ConfigFile::discard_temporary() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
  temporary_.clear();
}

}  // namespace cred
