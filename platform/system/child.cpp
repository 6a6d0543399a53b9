// SPDX-License-Identifier: MIT
#include "platform/system/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::array kEndingSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr std::size_t kErrorsKept = 4096;
constexpr milliseconds kGrace(1000);  // between TERM and KILL
constexpr milliseconds kNap(20);      // between looks at a child, on kernels without pidfds
constexpr int kFirstOther = STDERR_FILENO + 1;
constexpr int kNotStarted = 127;  // what shells say

void do_not_wait_for(const Fd& fd) {
  if (fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0) throw_errno("pipe");
}

// What the child needs between fork() and exec(): no memory may be allocated there.
struct Start {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  int in, out, errors;
  int failure;  // gets errno if the program cannot be started
  pid_t parent;
};

void close_others_on_exec() {
  if (syscall(SYS_close_range, kFirstOther, ~0U, 1U << 2U /* CLOSE_RANGE_CLOEXEC */) == 0) return;
  rlimit files = {};  // a kernel before 5.11
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  constexpr rlim_t kMost = 65536;
  const int end = static_cast<int>(std::min(files.rlim_cur, kMost));
  for (int fd = kFirstOther; fd < end; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// Runs in the child, where only what is safe in a signal handler is allowed.
[[noreturn]] void become(const Start& start) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != start.parent) _exit(kNotStarted);  // we were too late to ask for it
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (dup2(start.in, STDIN_FILENO) >= 0 && dup2(start.out, STDOUT_FILENO) >= 0 &&
      dup2(start.errors, STDERR_FILENO) >= 0) {
    close_others_on_exec();
    execve(start.arguments.front(), start.arguments.data(), start.environment.data());
  }
  const int reason = errno;
  [[maybe_unused]] const ssize_t told = write(start.failure, &reason, sizeof reason);
  _exit(kNotStarted);
}

// A started program and its process group. Nothing of it is left when this goes.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid), exit_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { static_cast<void>(end()); }

  // Readable once the child has ended; none on kernels before 5.3.
  [[nodiscard]] const Fd& exit() const noexcept { return exit_; }

  [[nodiscard]] bool has_ended() const {
    siginfo_t info = {};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
  }

  void signal_group(int signal) const { kill(-pid_, signal); }

  // Kills what still runs. The exit code; -1 if there is none.
  int end() {
    if (pid_ == 0) return -1;
    signal_group(SIGKILL);  // before the child is reaped: until then the group's id is its own
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
  Fd exit_;
};

// How many bytes came into `room`. 0 if none did: at the end of `pipe`, which is closed then, or so
// far.
std::size_t read_some(Fd& pipe, std::span<unsigned char> room) {
  const ssize_t got = read(pipe.get(), room.data(), room.size());
  if (got > 0) return static_cast<std::size_t>(got);
  if (got == 0 || (errno != EAGAIN && errno != EINTR)) pipe = Fd();
  return 0;
}

// Our ends of the child's pipes. Each is closed when it is done with.
class Streams {
 public:
  Streams(Bytes input, std::size_t limit) : input_(input), limit_(limit), output_(limit + 1) {}

  Pipe in;
  Pipe out;
  Pipe err;

  void keep_our_ends() {
    in.read_end = Fd();
    out.write_end = Fd();
    err.write_end = Fd();
    do_not_wait_for(in.write_end);
    do_not_wait_for(out.read_end);
    do_not_wait_for(err.read_end);
  }

  void write_some() {
    while (!input_.empty()) {
      const ssize_t done = write(in.write_end.get(), input_.data(), input_.size());
      if (done < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (done < 0) break;  // it reads no more, which is its own affair
      input_ = input_.subspan(static_cast<std::size_t>(done));
    }
    in.write_end = Fd();
  }

  // Returns whether there may be more at once.
  bool read_output() {
    const auto got =
        read_some(out.read_end, std::span(output_.data(), output_.size()).subspan(size_));
    size_ += got;
    if (size_ > limit_) {
      throw Error(Errc::io, "more than " + std::to_string(limit_) + " bytes of output");
    }
    return got != 0;
  }

  bool read_errors() {
    // NOLINTNEXTLINE(*-pro-type-member-init): read() fills it
    std::array<unsigned char, kErrorsKept> chunk;
    const auto got = read_some(err.read_end, chunk);
    const auto kept = std::span(chunk).first(std::min(got, kErrorsKept - errors_.size()));
    for (const char byte : as_text(kept)) {
      if (byte == '\r') continue;
      errors_ += byte == '\n' || (byte >= ' ' && byte <= '~') ? byte : '?';
    }
    return got != 0;
  }

  // What the pipes still hold; a process that escaped us may go on writing, hence a bound.
  void read_rest() {
    while (out.read_end && read_output()) {
    }
    constexpr int kMostReads = 64;
    for (int i = 0; i < kMostReads && err.read_end && read_errors(); ++i) {
    }
  }

  [[nodiscard]] LockedBytes take_output() {
    output_.shorten(size_);
    return std::move(output_);
  }
  [[nodiscard]] std::string take_errors() { return std::move(errors_); }

 private:
  Bytes input_;
  std::size_t limit_;
  LockedBytes output_;
  std::size_t size_ = 0;
  std::string errors_;
};

pid_t start_child(const std::filesystem::path& program, std::span<const std::string> arguments,
                  std::span<const std::string> environment, const Streams& streams) {
  Pipe failure;
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Start start{.arguments = exec_pointers(words),
                    .environment = exec_pointers(environment),
                    .in = streams.in.read_end.get(),
                    .out = streams.out.write_end.get(),
                    .errors = streams.err.write_end.get(),
                    .failure = failure.write_end.get(),
                    .parent = getpid()};

  const pid_t pid = fork();
  if (pid < 0) throw_errno(program.string());
  if (pid == 0) become(start);
  failure.write_end = Fd();
  int reason = 0;
  ssize_t got = 0;
  do {  // NOLINT(*-avoid-do-while)
    got = read(failure.read_end.get(), &reason, sizeof reason);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return pid;
  waitpid(pid, nullptr, 0);
  errno = reason;
  throw_errno(program.string());
}

int milliseconds_until(Clock::time_point moment) {
  const auto left = std::chrono::ceil<milliseconds>(moment - Clock::now());
  return static_cast<int>(std::max<milliseconds::rep>(left.count(), 0));
}

// Waits so many milliseconds for the end of `child` or for bytes, which it passes on. Whether a
// signal came through `signals`.
bool serve(const Child& child, Streams& streams, int signals, int wait) {
  std::array events{
      pollfd{child.exit().get(), POLLIN, 0},          pollfd{signals, POLLIN, 0},
      pollfd{streams.in.write_end.get(), POLLOUT, 0}, pollfd{streams.out.read_end.get(), POLLIN, 0},
      pollfd{streams.err.read_end.get(), POLLIN, 0},
  };
  if (poll(events.data(), events.size(), wait) <= 0) return false;
  if (events[2].revents != 0) streams.write_some();
  if (events[3].revents != 0) streams.read_output();
  if (events[4].revents != 0) streams.read_errors();
  return events[1].revents != 0;
}

}  // namespace

std::vector<char*> exec_pointers(std::span<const std::string> texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // NOLINT(*-pro-type-const-cast)
  }
  pointers.push_back(nullptr);
  return pointers;
}

HeldSignals::HeldSignals() {
  sigemptyset(&signals_);
  for (const int signal : kEndingSignals) {
    struct sigaction action = {};
    // An ignored signal would be kept as well, and look as if it asked us to end.
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&signals_, signal);
    }
  }
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

HeldSignals::~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

ChildResult run_child(const std::filesystem::path& program, std::span<const std::string> arguments,
                      std::span<const std::string> environment, Bytes input,
                      const ChildLimits& limits) {
  const HeldSignals held;
  // Never read from: the signal stays pending.
  const Fd signals(signalfd(-1, &held.signals(), SFD_CLOEXEC | SFD_NONBLOCK));
  Streams streams(input, limits.output);
  auto deadline = Clock::now() + limits.time;
  Child child(start_child(program, arguments, environment, streams));
  streams.keep_our_ends();

  bool timed_out = false;
  bool interrupted = false;
  const auto ask_to_end = [&](bool& reason) {
    reason = true;
    child.signal_group(SIGTERM);
    deadline = Clock::now() + kGrace;
  };
  while (!child.has_ended()) {
    const bool ending = timed_out || interrupted;
    int wait = milliseconds_until(deadline);
    if (wait == 0 && ending) break;
    if (wait == 0) {
      ask_to_end(timed_out);
      continue;
    }
    if (!child.exit()) wait = std::min(wait, static_cast<int>(kNap.count()));
    if (serve(child, streams, ending ? -1 : signals.get(), wait)) ask_to_end(interrupted);
  }
  const int status = child.end();
  streams.read_rest();
  return {.status = timed_out || interrupted ? -1 : status,
          .timed_out = timed_out,
          .interrupted = interrupted,
          .output = streams.take_output(),
          .errors = streams.take_errors()};
}

}  // namespace cred
