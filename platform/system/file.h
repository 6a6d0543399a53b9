// SPDX-License-Identifier: MIT
// Files: owned descriptors, whole reads and writes, locks. The one place where errno becomes an
// Error.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cred {

// A file descriptor that closes itself.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Both ends of a pipe. Throws Error(io).
struct Pipe {
  explicit Pipe(int flags = O_CLOEXEC);

  Fd read_end;
  Fd write_end;
};

// Throws Error(io, "WHAT: reason") for errno.
[[noreturn]] void throw_errno(const std::string& what);

// Reads until the end of `fd`, at most `limit` bytes; `what` names it in errors. More is an error.
// Room is made at once for as many as are `expected`, for a string that grows touches twice as
// much.
[[nodiscard]] std::string read_all(int fd, std::size_t limit, const std::string& what,
                                   std::size_t expected = 0);

// Writes all of `bytes`, however many calls that takes.
void write_all(int fd, std::string_view bytes, const std::string& what);

// The content of a regular file; nullopt if it is absent (obstacle.h). Throws with what
// bars it.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path);

// What lies in `folder`, by name, as far as it can be read.
[[nodiscard]] std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder);

// Whether both are one path, or lead to one file.
[[nodiscard]] bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

// Removes a file that is there.
void remove_file(const std::filesystem::path& path);

// Makes `folder` and what is missing above it, readable by the owner alone.
void make_private_folder(const std::filesystem::path& folder);

// Gives the open file `fd` this mode. A file system that keeps none may refuse where it has it
// already.
void set_mode(int fd, mode_t mode, const std::string& what);

// Makes the entry of `path` in its folder outlast a power cut; false if that failed. After a rename
// that is no failure of the whole: the rename is done all the same, and after a power cut the old
// file would be as good as the new one. A relative `path` is one in `folder`.
bool sync_folder_of(const std::filesystem::path& path, int folder = AT_FDCWD);

// How a file is written that is to be there whole or not at all.
struct Writing {
  mode_t mode = 0600;
  bool is_synced = false;      // survives a power cut, not only a kill
  int folder = AT_FDCWD;       // the open folder in which a relative path lies
  std::string temporary = {};  // what it is written as first, in that folder; if empty, PATH.new
  std::string what = {};       // names it in errors; if empty, PATH
};

// Puts `bytes` in the place of `path` in one step; on failure what was there stays. Not for two at
// once: what a killed call leaves, as the temporary file, the next one removes. If all has failed
// but to make the new entry of the folder last, it is no failure: the file is there.
void replace_file(const std::filesystem::path& path, std::string_view bytes,
                  const Writing& how = {});

// Makes `path` with `bytes` in it; false if anything is there already, also a link that leads
// nowhere. On failure nothing is left, nor after a kill where the file system knows O_TMPFILE.
[[nodiscard]] bool create_file(const std::filesystem::path& path, std::string_view bytes,
                               const Writing& how = {});

// Makes `folder` and what is missing above it, for everybody to read.
void make_public_folder(const std::filesystem::path& folder);

enum class LockKind { exclusive, shared };

// Where a lock lies.
struct LockPlace {
  std::filesystem::path file;  // a relative one is in the open folder
  int folder = AT_FDCWD;
  std::filesystem::path whole = {};    // names it in errors; if empty, `file`
  std::filesystem::path instead = {};  // where the file system of `file` takes no locks, if given
};

// A flock() on a file of its own, which is made if missing and never removed. Released by the
// kernel, however the process ends.
class FileLock {
 public:
  // Waits up to `limit`; nullopt if it is held by another all that time. A relative `path` is one
  // in `folder`.
  [[nodiscard]] static std::optional<FileLock> acquire(const std::filesystem::path& path,
                                                       std::chrono::milliseconds limit,
                                                       int folder = AT_FDCWD,
                                                       LockKind kind = LockKind::exclusive);
  [[nodiscard]] static std::optional<FileLock> acquire(const LockPlace& place,
                                                       std::chrono::milliseconds limit,
                                                       LockKind kind = LockKind::exclusive);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  explicit FileLock(Fd fd) noexcept : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace cred
