// SPDX-License-Identifier: MIT
#include "platform/job/foreground.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/process.h"

namespace cred {
namespace {

// Those that tell a program something. ^Z and the like stop both, as the terminal sends them.
constexpr std::array kPassedOn{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

std::array<Fd, 2> make_pipe() {
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("a pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

int reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Of the watcher. Nothing of what it was forked from is used any more but the folder's name.
[[noreturn]] void watch(const std::filesystem::path& folder, Fd parent) {
  setsid();
  for (const int signal : kPassedOn) static_cast<void>(std::signal(signal, SIG_IGN));
  // The caller's: who reads our stdout to its end waits for all that have it.
  const Fd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing.get(), fd);
  char byte = 0;
  while (read(parent.get(), &byte, 1) < 0 && errno == EINTR) continue;
  std::error_code failed;
  std::filesystem::remove_all(folder, failed);
  _exit(failed ? 1 : 0);
}

std::vector<char*> pointers_to(std::span<const std::string> texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // NOLINT(*-pro-type-const-cast)
  }
  pointers.push_back(nullptr);
  return pointers;
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
  auto [waiting, alive] = make_pipe();
  const pid_t watcher = fork();
  if (watcher < 0) throw_errno("a process that watches " + folder.string());
  if (watcher == 0) {
    alive = Fd();
    watch(folder, std::move(waiting));
  }
  alive_ = std::move(alive);
  pid_ = watcher;
}

FolderWatcher::~FolderWatcher() {
  alive_ = Fd();
  reap(pid_);
}

ForegroundResult run_in_foreground(const std::filesystem::path& program,
                                   std::span<const std::string> arguments,
                                   std::span<const std::string> environment) {
  auto [failure, telling] = make_pipe();
  const auto argv = pointers_to(arguments);
  const auto envp = pointers_to(environment);
  sigset_t waited_for;
  sigset_t before;
  sigemptyset(&waited_for);
  for (const int signal : kPassedOn) sigaddset(&waited_for, signal);
  sigaddset(&waited_for, SIGCHLD);
  sigprocmask(SIG_BLOCK, &waited_for, &before);
  const pid_t child = fork();
  if (child < 0) throw_errno("a new process");
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
