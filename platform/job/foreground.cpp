// SPDX-License-Identifier: MIT
#include "platform/job/foreground.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "platform/system/error.h"
#include "platform/system/process.h"

namespace cred {
namespace {

// Those that end a program which has no answer to them, or tell it something. ^Z and the like stop
// both, as the terminal sends them; what a fault of ours raises is ours.
sigset_t passed_on() {
  sigset_t signals;
  sigfillset(&signals);
  for (const int signal : {SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGURG, SIGSEGV, SIGBUS,
                           SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGPIPE, SIGXFSZ, SIGXCPU}) {
    sigdelset(&signals, signal);
  }
  return signals;
}

int reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return 255;  // another part of the process took its end away
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Of the watcher, in which all signals are blocked. Nothing of what it was forked from is used any
// more but the folder's name.
[[noreturn]] void watch(const std::filesystem::path& folder, const Fd& parent,
                        const Fd& telling) noexcept {
  setsid();
  // Those of the caller: who reads our stdout to its end waits for all that have it.
  const Fd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (!nothing || dup2(nothing.get(), fd) < 0) close(fd);
  }
  char byte = 0;
  [[maybe_unused]] const ssize_t told = write(telling.get(), &byte, 1);
  while (read(parent.get(), &byte, 1) < 0 && errno == EINTR) continue;
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  _exit(failed ? 1 : 0);
}

// Whether somebody sent it, and not the terminal, whose signals go to all.
bool was_sent(const siginfo_t& info) { return info.si_code <= 0; }

void pass_on_until_end(pid_t child, const sigset_t& waited_for) {
  while (true) {
    siginfo_t info = {};
    const int signal = sigwaitinfo(&waited_for, &info);
    if (signal == SIGCHLD) {
      siginfo_t ended = {};
      const bool has_ended =
          waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          ended.si_pid == child;
      if (has_ended) return;
    } else if (signal > 0 && was_sent(info)) {
      kill(child, signal);
    }
  }
}

}  // namespace

FolderWatcher::FolderWatcher(const std::filesystem::path& folder) {
  auto [waiting, alive] = Pipe();
  auto [ready, telling] = Pipe();
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  const pid_t watcher = fork();
  if (watcher == 0) {
    alive = Fd();
    watch(folder, waiting, telling);
  }
  const int why_not = errno;
  sigprocmask(SIG_SETMASK, &before, nullptr);
  errno = why_not;
  if (watcher < 0) throw_errno("a process that watches " + folder.string());
  alive_ = std::move(alive);
  pid_ = watcher;
  telling = Fd();
  char byte = 0;
  if (read(ready.get(), &byte, 1) != 1) throw Error(Errc::io, "nothing watches " + folder.string());
}

FolderWatcher::~FolderWatcher() {
  alive_ = Fd();
  reap(pid_);
}

WatchedFolder::WatchedFolder(const Environment& environment)
    : held_(std::in_place), folder_(environment), watcher_(folder_.path()) {
  held_.reset();
}

ForegroundResult run_in_foreground(const std::filesystem::path& program,
                                   std::span<const std::string> arguments,
                                   std::span<const std::string> environment) {
  auto [failure, telling] = Pipe();
  const auto argv = exec_pointers(arguments);
  const auto envp = exec_pointers(environment);
  sigset_t waited_for = passed_on();
  sigset_t before;
  sigaddset(&waited_for, SIGCHLD);
  sigprocmask(SIG_BLOCK, &waited_for, &before);
  const pid_t child = fork();
  if (child < 0) {
    const int why_not = errno;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    errno = why_not;
    throw_errno("a new process");
  }
  if (child == 0) {
    unsettle_process();
    sigprocmask(SIG_SETMASK, &before, nullptr);
    execve(program.c_str(), argv.data(), envp.data());
    const int reason = errno;
    [[maybe_unused]] const ssize_t told = write(telling.get(), &reason, sizeof reason);
    _exit(1);
  }
  telling = Fd();
  ForegroundResult result;
  if (read(failure.get(), &result.why_not, sizeof result.why_not) <= 0) {
    pass_on_until_end(child, waited_for);
  }
  result.status = reap(child);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  return result;
}

}  // namespace cred
