// SPDX-License-Identifier: MIT
#include "platform/system/file.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

#include "platform/system/error.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

constexpr std::size_t kLargestFile = std::size_t{64} << 20;

// A new file with `bytes` in it; empty if something of that name is there. On failure nothing is
// left.
Fd write_new(const std::string& path, std::string_view bytes, const Writing& how,
             const std::string& what) {
  constexpr mode_t kOwn = S_IRUSR | S_IWUSR;
  Fd file(
      openat(how.folder, path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwn));
  if (!file && errno == EEXIST) return file;
  if (!file) throw_errno(what);
  try {
    write_all(file.get(), bytes, what);
    if (how.mode != kOwn) set_mode(file.get(), how.mode, what);
    if (how.is_synced && fsync(file.get()) != 0) throw_errno(what);
  } catch (const Error&) {
    unlinkat(how.folder, path.c_str(), 0);
    throw;
  }
  return file;
}

// As write_new(), but a kill leaves nothing: the file has no name before it is whole. nullopt where
// that cannot be done, as on NFS or without /proc.
std::optional<bool> link_new(const std::filesystem::path& path, std::string_view bytes,
                             const Writing& how, const std::string& what) {
  const auto parent = path.has_parent_path() ? path.parent_path() : ".";
  const Fd file(openat(how.folder, parent.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, how.mode));
  if (!file) return std::nullopt;
  set_mode(file.get(), how.mode, what);
  write_all(file.get(), bytes, what);
  if (how.is_synced && fsync(file.get()) != 0) throw_errno(what);
  const std::string opened = "/proc/self/fd/" + std::to_string(file.get());
  if (linkat(AT_FDCWD, opened.c_str(), how.folder, path.c_str(), AT_SYMLINK_FOLLOW) == 0) {
    return true;
  }
  return errno == EEXIST ? std::optional(false) : std::nullopt;
}

// Whatever the umask says. A folder that is there keeps its mode.
void make_folder(const std::filesystem::path& folder, mode_t mode) {
  const auto make = [&] {
    if (mkdir(folder.c_str(), mode) == 0) {
      if (chmod(folder.c_str(), mode) == 0) return true;
      const Fd made(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (!made) throw_errno(folder.string());
      set_mode(made.get(), mode, folder.string());
      return true;
    }
    return errno == EEXIST;
  };
  if (make()) return;
  if (!says_absent(errno) || !folder.has_relative_path()) throw_errno(folder.string());
  make_folder(folder.parent_path(), mode);
  if (!make()) throw_errno(folder.string());
}

// As on NFS without its lock service, and on a disk that is read-only.
bool takes_no_locks(int reason) {
  return reason == ENOLCK || reason == EOPNOTSUPP || reason == ENOSYS || reason == EROFS;
}

struct Attempt {
  Fd file;
  int reason = 0;  // an errno; EWOULDBLOCK: others held it all the time
};

Attempt try_lock(const std::filesystem::path& path, int folder, std::chrono::milliseconds limit,
                 LockKind kind) {
  // flock() has no time limit of its own, and a signal to cut it off could reach any thread of
  // GLib's: a short nap between tries costs less than a thread or a signal.
  constexpr std::chrono::milliseconds kNap(5);
  Fd file(
      openat(folder, path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file) return {std::move(file), errno};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const int operation = kind == LockKind::shared ? LOCK_SH : LOCK_EX;
  while (flock(file.get(), operation | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return {std::move(file), errno};
    if (std::chrono::steady_clock::now() >= deadline) return {std::move(file), EWOULDBLOCK};
    std::this_thread::sleep_for(kNap);
  }
  return {std::move(file), 0};
}

// Whether a descriptor of ours that was handed over as one that does not wait is worth another try:
// it is, once it is ready.
bool is_ready(int fd, bool to_write) {
  if (errno != EAGAIN) return errno == EINTR;
  pollfd waited = {fd, 0, 0};
  waited.events = to_write ? POLLOUT : POLLIN;
  while (poll(&waited, 1, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

Pipe::Pipe(int flags) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), flags) != 0) throw_errno("pipe");
  read_end = Fd(ends[0]);
  write_end = Fd(ends[1]);
}

void throw_errno(const std::string& what) {
  throw Error(Errc::io, what + ": " + std::generic_category().message(errno));
}

std::string read_all(int fd, std::size_t limit, const std::string& what, std::size_t expected) {
  constexpr std::size_t kAtLeast = 4096;
  // One byte more than there should be, so that the end shows without making room for more.
  std::string bytes(std::max(std::min(expected, limit) + 1, kAtLeast), '\0');
  std::size_t size = 0;
  for (;;) {
    if (size == bytes.size()) bytes.resize(2 * size);
    const ssize_t got = read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && is_ready(fd, /*to_write=*/false)) continue;
    if (got < 0) throw_errno(what);
    size += static_cast<std::size_t>(got);
    if (size > limit) {
      throw Error(Errc::bad_request, what + ": more than " + std::to_string(limit) + " bytes");
    }
    if (got == 0) break;
  }
  bytes.resize(size);
  return bytes;
}

void write_all(int fd, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t done = write(fd, bytes.data(), bytes.size());
    if (done < 0 && is_ready(fd, /*to_write=*/true)) continue;
    if (done < 0) throw_errno(what);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  // O_NONBLOCK: a FIFO in the place of a file must not hold us up.
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    if (says_absent(errno)) return std::nullopt;
    throw_unseen(path);
  }
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) throw_errno(path.string());
  if (const auto refusal = why_no_file(path, status.st_mode)) {
    throw Error(Errc::io, refusal->reason, path);
  }
  return read_all(file.get(), kLargestFile, path.string(),
                  static_cast<std::size_t>(status.st_size));
}

void set_mode(int fd, mode_t mode, const std::string& what) {
  constexpr mode_t kPermissions = 07777;
  if (fchmod(fd, mode & kPermissions) == 0) return;
  if (errno != EPERM && errno != EOPNOTSUPP) throw_errno(what);
  struct stat status = {};
  if (fstat(fd, &status) != 0) throw_errno(what);
  if ((status.st_mode & kPermissions) == (mode & kPermissions)) return;
  throw Error(Errc::io, what +
                            ": its permissions cannot be set, as on a Windows drive or a CIFS "
                            "share; mount that so that it keeps them, or choose another folder");
}

bool sync_folder_of(const std::filesystem::path& path, int folder) {
  const auto parent = path.has_parent_path() ? path.parent_path() : ".";
  const Fd fd(openat(folder, parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd && fsync(fd.get()) == 0;
}

std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  std::filesystem::directory_iterator entry(folder, failed);
  // A range-for would throw where it cannot be read any further.
  while (!failed && entry != std::filesystem::directory_iterator()) {
    found.push_back(entry->path());
    entry.increment(failed);
  }
  std::ranges::sort(found);
  return found;
}

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code failed;
  return a == b || std::filesystem::equivalent(a, b, failed);
}

void remove_file(const std::filesystem::path& path) {
  if (unlink(path.c_str()) != 0) throw_errno(path.string());
}

void make_private_folder(const std::filesystem::path& folder) { make_folder(folder, 0700); }

void make_public_folder(const std::filesystem::path& folder) { make_folder(folder, 0755); }

void replace_file(const std::filesystem::path& path, std::string_view bytes, const Writing& how) {
  const std::string temporary = how.temporary.empty() ? path.string() + ".new" : how.temporary;
  const std::string what = how.what.empty() ? path.string() : how.what;
  unlinkat(how.folder, temporary.c_str(), 0);
  if (!write_new(temporary, bytes, how, what)) throw_errno(what);
  if (renameat(how.folder, temporary.c_str(), how.folder, path.c_str()) != 0) {
    const int reason = errno;
    unlinkat(how.folder, temporary.c_str(), 0);
    errno = reason;
    throw_errno(what);
  }
  if (how.is_synced) sync_folder_of(path, how.folder);
}

bool create_file(const std::filesystem::path& path, std::string_view bytes, const Writing& how) {
  const std::string what = how.what.empty() ? path.string() : how.what;
  const auto made = link_new(path, bytes, how, what);
  if (made ? !*made : !write_new(path, bytes, how, what)) return false;
  if (how.is_synced && !sync_folder_of(path, how.folder)) {
    const int reason = errno;
    unlinkat(how.folder, path.c_str(), 0);
    errno = reason;
    throw_errno(what);
  }
  return true;
}

std::optional<FileLock> FileLock::acquire(const std::filesystem::path& path,
                                          std::chrono::milliseconds limit, int folder,
                                          LockKind kind) {
  return acquire(LockPlace{.file = path, .folder = folder}, limit, kind);
}

std::optional<FileLock> FileLock::acquire(const LockPlace& place, std::chrono::milliseconds limit,
                                          LockKind kind) {
  Attempt attempt = try_lock(place.file, place.folder, limit, kind);
  if (takes_no_locks(attempt.reason) && !place.instead.empty()) {
    attempt = try_lock(place.instead, AT_FDCWD, limit, kind);
  }
  if (attempt.reason == 0) return FileLock(std::move(attempt.file));
  if (attempt.reason == EWOULDBLOCK) return std::nullopt;
  const auto& whole = place.whole.empty() ? place.file : place.whole;
  std::string why = whole.string() + ": " + std::generic_category().message(attempt.reason);
  if (takes_no_locks(attempt.reason) || !place.instead.empty()) {
    why +=
        "; nothing can be locked there; set XDG_RUNTIME_DIR to a folder of yours on a local disk";
  }
  throw Error(Errc::io, why);
}

}  // namespace cred
