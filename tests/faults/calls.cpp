// SPDX-License-Identifier: MIT
#include "tests/faults/calls.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

namespace cred::test {
namespace {

constexpr int kNoPath = -1;                                    // its first argument is an open file
constexpr int kNoObject = -2;                                  // it is made on no file
constexpr std::string_view kLook = "EIO EACCES";               // at a path
constexpr std::string_view kChange = "EIO ENOSPC EACCES";      // of a folder
constexpr std::string_view kOpen = "EIO EINTR EACCES EMFILE";  // and ENOSPC, to make a file
constexpr std::string_view kKey = "EACCES EINTR";

constexpr std::array kCalls = std::to_array<Call>({
#ifdef SYS_open  // the calls of older machines
    {"open", SYS_open, 0, kOpen},
    {"creat", SYS_creat, 0, kOpen},
    {"stat", SYS_stat, 0, kLook},
    {"lstat", SYS_lstat, 0, kLook},
    {"access", SYS_access, 0, kLook},
    {"readlink", SYS_readlink, 0, kLook},
    {"mkdir", SYS_mkdir, 0, kChange},
    {"rmdir", SYS_rmdir, 0, "EIO EACCES"},
    {"unlink", SYS_unlink, 0, "EIO EACCES"},
    {"rename", SYS_rename, 0, kChange},
    {"link", SYS_link, 0, kChange},
    {"symlink", SYS_symlink, 1, kChange},
    {"chmod", SYS_chmod, 0, "EIO EACCES"},
    {"getdents", SYS_getdents, kNoPath, "EIO"},
    {"poll", SYS_poll, kNoObject, "EINTR"},
    {"pipe", SYS_pipe, kNoObject, "EMFILE"},
    {"dup2", SYS_dup2, kNoPath, "EMFILE"},
    {"epoll_wait", SYS_epoll_wait, kNoObject, "EINTR"},
    {"eventfd", SYS_eventfd, kNoObject, "EMFILE"},
    {"fork", SYS_fork, kNoObject, ""},
    {"vfork", SYS_vfork, kNoObject, ""},
#endif
#ifdef SYS_newfstatat
    {"newfstatat", SYS_newfstatat, 1, kLook},
#endif
#ifdef SYS_renameat
    {"renameat", SYS_renameat, 1, kChange},
#endif
    {"openat", SYS_openat, 1, kOpen},
    {"read", SYS_read, kNoPath, "EIO EINTR"},
    {"pread64", SYS_pread64, kNoPath, "EIO EINTR"},
    {"readv", SYS_readv, kNoPath, "EIO EINTR"},
    {"write", SYS_write, kNoPath, "EIO ENOSPC EINTR"},
    {"pwrite64", SYS_pwrite64, kNoPath, "EIO ENOSPC EINTR"},
    {"writev", SYS_writev, kNoPath, "EIO ENOSPC EINTR"},
    {"close", SYS_close, kNoPath, "EIO"},
    {"fstat", SYS_fstat, kNoPath, "EIO"},
    {"statx", SYS_statx, 1, kLook},
    {"statfs", SYS_statfs, 0, kLook},
    {"faccessat", SYS_faccessat, 1, kLook},
    {"faccessat2", SYS_faccessat2, 1, kLook},
    {"readlinkat", SYS_readlinkat, 1, kLook},
    {"getdents64", SYS_getdents64, kNoPath, "EIO"},
    {"mkdirat", SYS_mkdirat, 1, kChange},
    {"unlinkat", SYS_unlinkat, 1, "EIO EACCES"},
    {"renameat2", SYS_renameat2, 1, kChange},
    {"linkat", SYS_linkat, 1, kChange},
    {"symlinkat", SYS_symlinkat, 2, kChange},
    {"fchmod", SYS_fchmod, kNoPath, "EIO"},
    {"fchmodat", SYS_fchmodat, 1, "EIO EACCES"},
    {"fchown", SYS_fchown, kNoPath, "EIO"},
    {"ftruncate", SYS_ftruncate, kNoPath, "EIO EINTR"},
    {"fsync", SYS_fsync, kNoPath, "EIO ENOSPC"},
    {"fdatasync", SYS_fdatasync, kNoPath, "EIO ENOSPC"},
    {"utimensat", SYS_utimensat, 1, "EIO EACCES"},
    {"flock", SYS_flock, kNoPath, "EINTR"},
    {"ioctl", SYS_ioctl, kNoPath, ""},
    {"keyctl", SYS_keyctl, kNoObject, kKey},
    {"add_key", SYS_add_key, kNoObject, kKey},
    {"request_key", SYS_request_key, kNoObject, kKey},
    {"socket", SYS_socket, kNoObject, "EMFILE EACCES"},
    {"connect", SYS_connect, kNoPath, "EACCES EINTR"},
    {"sendmsg", SYS_sendmsg, kNoPath, "EINTR"},
    {"sendto", SYS_sendto, kNoPath, "EINTR"},
    {"recvmsg", SYS_recvmsg, kNoPath, "EINTR"},
    {"recvfrom", SYS_recvfrom, kNoPath, "EINTR"},
    {"getsockopt", SYS_getsockopt, kNoPath, ""},
    {"ppoll", SYS_ppoll, kNoObject, "EINTR"},
    {"pipe2", SYS_pipe2, kNoObject, "EMFILE"},
    {"dup", SYS_dup, kNoPath, "EMFILE"},
    {"dup3", SYS_dup3, kNoPath, "EMFILE"},
    {"epoll_create1", SYS_epoll_create1, kNoObject, "EMFILE"},
    {"eventfd2", SYS_eventfd2, kNoObject, "EMFILE"},
    {"clone", SYS_clone, kNoObject, ""},
    {"wait4", SYS_wait4, kNoObject, ""},
    {"exit_group", SYS_exit_group, kNoObject, ""},
});

constexpr std::array kErrors = std::to_array<std::pair<std::string_view, int>>({
    {"EACCES", EACCES},
    {"EINTR", EINTR},
    {"EINVAL", EINVAL},
    {"EIO", EIO},
    {"EMFILE", EMFILE},
    {"ENOSPC", ENOSPC},
});

std::string text_at(pid_t pid, std::uint64_t address) {
  std::string text(4096, '\0');
  // Up to the end of the page, behind which there may be nothing.
  const iovec ours{text.data(), text.size() - address % text.size()};
  const iovec theirs{reinterpret_cast<void*>(address), ours.iov_len};
  const ssize_t got = process_vm_readv(pid, &ours, 1, &theirs, 1, 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text.substr(0, text.find('\0'));
}

std::string file_open_as(pid_t pid, std::uint64_t fd) {
  std::error_code failed;
  return std::filesystem::read_symlink(
      "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(static_cast<int>(fd)), failed);
}

}  // namespace

const Call* find_call(long number) {
  const auto* found = std::ranges::find(kCalls, number, &Call::number);
  return found == kCalls.end() ? nullptr : found;
}

const Call* find_call(std::string_view name) {
  const auto* found = std::ranges::find(kCalls, name, &Call::name);
  return found == kCalls.end() ? nullptr : found;
}

int error_by_name(std::string_view name) {
  const auto* found = std::ranges::find(kErrors, name, &decltype(kErrors)::value_type::first);
  return found == kErrors.end() ? 0 : found->second;
}

std::string errors_of(const Call& call, const Arguments& arguments) {
#ifdef SYS_newfstatat
  if (call.number == SYS_newfstatat && (arguments[3] & AT_EMPTY_PATH) != 0) return "EIO";
#endif
  constexpr std::uint64_t kMakes = O_CREAT | (O_TMPFILE & ~O_DIRECTORY);
  const bool makes = call.number == SYS_openat && (arguments[2] & kMakes) != 0;
  return std::string(call.errors) + (makes ? " ENOSPC" : "");
}

std::string object_of(pid_t pid, const Call& call, const Arguments& arguments) {
  if (call.path == kNoObject) return "";
  if (call.path == kNoPath) return file_open_as(pid, arguments[0]);
  const auto path = text_at(pid, arguments.at(static_cast<std::size_t>(call.path)));
  return path.empty() && call.path > 0 ? file_open_as(pid, arguments[0]) : path;
}

}  // namespace cred::test
