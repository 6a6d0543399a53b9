// SPDX-License-Identifier: MIT
#include "platform/system/accounts.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <set>
#include <system_error>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience(10);

// What the child says first, before the bytes of the file: an errno, 0, or one of these.
enum Reason : int { no_file = -1, of_another = -2, too_large = -3, no_identity = -4 };

std::string text_of(int reason) {
  switch (reason) {
    case no_file:
      return "it is no regular file";
    case of_another:
      return "it belongs to another user";
    case too_large:
      return "it is larger than 1 MiB";
    case no_identity:
      return "it cannot be read as its owner";
    default:
      return std::generic_category().message(reason);
  }
}

std::vector<gid_t> groups_of(const Account& account) {
  constexpr int kMost = 65536;  // of the kernel
  if (account.name.empty()) return {account.gid};
  std::vector<gid_t> groups(32);
  int count = static_cast<int>(groups.size());
  while (getgrouplist(account.name.c_str(), account.gid, groups.data(), &count) < 0) {
    if (count > kMost) throw Error(Errc::io, account.name + " is in too many groups");
    groups.resize(static_cast<std::size_t>(count));
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

// Of the child, as all that follows up to read_as(): after fork() no memory may be allocated. The
// kernel's own calls, since those of libc would also ask the threads that are not here.
bool become(const Account& account, const std::vector<gid_t>& groups) {
  return syscall(SYS_setgroups, groups.size(), groups.data()) == 0 &&
         syscall(SYS_setresgid, account.gid, account.gid, account.gid) == 0 &&
         syscall(SYS_setresuid, account.uid, account.uid, account.uid) == 0;
}

int open_own(const char* file, uid_t owner, int& reason) {
  const int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  struct stat status = {};
  if (fd < 0 || fstat(fd, &status) != 0) {
    reason = errno;
  } else if (!S_ISREG(status.st_mode)) {
    reason = no_file;
  } else if (status.st_uid != owner) {
    reason = of_another;
  } else if (status.st_size > static_cast<off_t>(kLargestForeignFile)) {
    reason = too_large;
  }
  return fd;
}

bool tell(int out, const char* bytes, std::size_t size) {
  while (size != 0) {
    const ssize_t done = write(out, bytes, size);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes += done;  // NOLINT(*-pro-bounds-pointer-arithmetic)
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

[[noreturn]] void read_as(const Account& account, const std::vector<gid_t>& groups,
                          const char* file, int out) {
  // No terminal of root's, nor any stream to write to.
  setsid();
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(stream);
  int reason = no_identity;
  int fd = -1;
  if (become(account, groups)) {
    reason = 0;
    prctl(PR_SET_DUMPABLE, 0);  // the kernel may have set it anew with the identity
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fd = open_own(file, account.uid, reason);
  }
  bool goes_on = write(out, &reason, sizeof reason) == sizeof reason && reason == 0;
  std::array<char, 4096> chunk = {};
  while (goes_on) {
    const ssize_t got = read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) _exit(1);
    goes_on = got > 0 && tell(out, chunk.data(), static_cast<std::size_t>(got));
  }
  _exit(0);
}

// A child that reads for us. Whatever its user does to it, it is gone when this goes.
class Reader {
 public:
  Reader(const Account& account, const std::vector<gid_t>& groups, const char* file)
      : pid_(fork()) {
    if (pid_ < 0) throw_errno("fork");
    if (pid_ == 0) read_as(account, groups, file, pipe_.write_end.get());
    pipe_.write_end = Fd();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    static_cast<void>(wait_for_end());
  }

  // All that it says until its end; throws Error(io) where that takes too long, or is too much.
  [[nodiscard]] std::string answer() const {
    const auto deadline = Clock::now() + kPatience;
    std::string bytes;
    std::array<char, 4096> chunk = {};
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd ready = {pipe_.read_end.get(), POLLIN, 0};
      if (left.count() <= 0) throw Error(Errc::io, "reading it takes too long");
      if (poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
      const ssize_t got = read(pipe_.read_end.get(), chunk.data(), chunk.size());
      if (got <= 0) return bytes;
      bytes.append(chunk.data(), static_cast<std::size_t>(got));
      if (bytes.size() > kLargestForeignFile + sizeof(int))
        throw Error(Errc::io, text_of(too_large));
    }
  }

  // After its answer: whether that is whole.
  [[nodiscard]] bool wait_for_end() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  Pipe pipe_;
  pid_t pid_;
};

constexpr int kNotDone = 255;  // an exit status

[[noreturn]] void work_as(const Account& account, const std::vector<gid_t>& groups,
                          const std::function<int()>& work, int end) {
  setsid();
  const int null = open("/dev/null", O_RDWR);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (null < 0 || dup2(null, stream) < 0) _exit(kNotDone);
  }
  constexpr int kEnd = 3;  // which closes when this process ends
  if (dup2(end, kEnd) < 0) _exit(kNotDone);
  closefrom(kEnd + 1);
  clearenv();
  if (chdir("/") != 0 || !become(account, groups)) _exit(kNotDone);
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);  // fails where there are no keyrings
  try {
    _exit(work());
  } catch (const std::exception&) {
    _exit(kNotDone);
  }
}

// Whether the other end is closed by then.
bool is_closed_within(const Fd& fd, std::chrono::seconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd closed = {fd.get(), 0, 0};
    if (poll(&closed, 1, static_cast<int>(left.count())) > 0) return true;
  }
}

// Without asking a file system that may not answer.
std::optional<struct statx> status_of(const std::filesystem::path& path) {
  struct statx status = {};
  constexpr int kFlags = AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
  if (statx(AT_FDCWD, path.c_str(), kFlags, STATX_TYPE | STATX_UID | STATX_GID, &status) != 0)
    return std::nullopt;
  return status;
}

std::string read_by_child(const Account& account, const std::filesystem::path& file, int& reason) {
  const auto groups = groups_of(account);
  Reader reader(account, groups, file.c_str());
  const std::string answer = reader.answer();
  if (!reader.wait_for_end() || answer.size() < sizeof reason) {
    throw Error(Errc::io, "it could not be read to its end");
  }
  std::memcpy(&reason, answer.data(), sizeof reason);
  return answer.substr(sizeof reason);
}

}  // namespace

std::optional<uid_t> parse_uid(std::string_view text) {
  uid_t uid = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failed] = std::from_chars(text.data(), end, uid);
  const bool is_one = failed == std::errc() && rest == end && uid != static_cast<uid_t>(-1);
  return is_one ? std::optional(uid) : std::nullopt;
}

std::vector<Account> list_accounts() {
  std::vector<Account> accounts;
  setpwent();
  while (const passwd* entry = getpwent()) {
    accounts.push_back({entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir});
  }
  endpwent();
  return accounts;
}

std::vector<Account> list_accounts_with_homes() {
  std::vector<Account> accounts;
  std::set<std::pair<uid_t, std::string>> listed;
  for (auto& account : list_accounts()) {
    if (!account.home.is_absolute() || !listed.emplace(account.uid, account.home).second) continue;
    accounts.push_back(std::move(account));
  }
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator("/home", failed)) {
    const auto status = status_of(entry.path());
    if (!status || !S_ISDIR(status->stx_mode) || status->stx_uid == 0) continue;
    if (listed.contains({status->stx_uid, entry.path()})) continue;
    const passwd* known = getpwuid(status->stx_uid);
    accounts.push_back({known != nullptr ? known->pw_name : "", status->stx_uid,
                        known != nullptr ? known->pw_gid : status->stx_gid, entry.path()});
  }
  return accounts;
}

std::optional<int> run_as(const Account& account, const std::function<int()>& work,
                          std::chrono::seconds limit) {
  const auto groups = groups_of(account);
  Pipe end;
  const pid_t child = fork();
  if (child < 0) throw_errno("fork");
  if (child == 0) work_as(account, groups, work, end.write_end.get());
  end.write_end = Fd();
  const bool ended = is_closed_within(end.read_end, limit);
  if (!ended) kill(child, SIGKILL);
  // A file system of the user's that does not answer keeps even a killed process.
  if (!ended && !is_closed_within(end.read_end, std::chrono::seconds(1))) return std::nullopt;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) == kNotDone) return std::nullopt;
  return WEXITSTATUS(status);
}

std::string account_name(uid_t uid) {
  const passwd* entry = getpwuid(uid);
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(uid);
}

std::optional<std::string> read_file_of(const Account& account, const std::filesystem::path& file) {
  int reason = 0;
  try {
    std::string text = read_by_child(account, file, reason);
    if (reason == 0) return text;
  } catch (const Error& failure) {
    throw Error(Errc::io, file.string() + " is not read: " + failure.what(), file);
  }
  if (says_absent(reason) || reason == EACCES) return std::nullopt;
  throw Error(Errc::io, file.string() + " is not read: " + text_of(reason), file);
}

}  // namespace cred
