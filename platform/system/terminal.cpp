// SPDX-License-Identifier: MIT
#include "platform/system/terminal.h"

#include <bsd/readpassphrase.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

#include "platform/system/error.h"
#include "platform/text/notes.h"

namespace cred {
namespace {

constexpr const char* kTerminal = "/dev/tty";
// A terminal hands over no longer line; readpassphrase() would cut one without a word.
constexpr std::size_t kLongestLine = 4096;
constexpr std::array kCaught{SIGALRM, SIGINT, SIGQUIT, SIGTERM, SIGHUP};

// The first signal that came while we asked: a handler can tell by nothing else.
volatile std::sig_atomic_t caught = 0;  // NOLINT(*-avoid-non-const-global-variables)

// From the background, asking would stop us, or change the terminal under another program.
bool is_ours(const Fd& terminal) { return tcgetpgrp(terminal.get()) == getpgrp(); }

extern "C" void catch_signal(int signal) {
  if (caught == 0) caught = signal;
  // It may have come just before the read that it should end: let another one follow.
  alarm(1);
}

// Own handlers and a time limit, until this goes. readpassphrase() has handlers of its own while it
// reads; it restores the terminal, then sends itself what it caught, which reaches ours.
class Watch {
 public:
  explicit Watch(std::chrono::seconds limit) {
    caught = 0;
    struct sigaction action = {};
    action.sa_handler = catch_signal;  // without SA_RESTART: reading ends
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kCaught.size(); ++i) sigaction(kCaught[i], &action, &before_[i]);
    // Again each second, for the reason given in the handler.
    const itimerval timer = {.it_interval = {1, 0}, .it_value = {limit.count(), 0}};
    setitimer(ITIMER_REAL, &timer, &timer_before_);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    const itimerval off = {};
    setitimer(ITIMER_REAL, &off, nullptr);
    for (std::size_t i = 0; i < kCaught.size(); ++i) sigaction(kCaught[i], &before_[i], nullptr);
    setitimer(ITIMER_REAL, &timer_before_, nullptr);
  }

 private:
  std::array<struct sigaction, kCaught.size()> before_ = {};
  itimerval timer_before_ = {};
};

}  // namespace

std::size_t terminal_width(int fd, std::string_view columns) {
  constexpr std::size_t kLeast = 20;
  constexpr std::size_t kMost = 1000;
  winsize size = {};
  std::size_t width = 0;
  if (ioctl(fd, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) {
    static_cast<void>(std::from_chars(columns.data(), columns.data() + columns.size(), width));
  }
  return width == 0 ? kUsualWidth : std::clamp(width, kLeast, kMost);
}

void die_of(int signal) {
  static_cast<void>(std::signal(signal, SIG_DFL));
  static_cast<void>(raise(signal));
  throw Error(Errc::bad_request, "interrupted");  // where the signal is blocked
}

std::optional<Terminal> Terminal::open() {
  Fd fd(::open(kTerminal, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!fd || !is_ours(fd)) return std::nullopt;
  return Terminal(std::move(fd));
}

Terminal::Answer Terminal::ask_secret(const std::string& prompt, std::chrono::seconds limit) const {
  Answer answer{.text = LockedBytes(kLongestLine + 1)};
  char* const text = reinterpret_cast<char*>(answer.text.data());
  bool read = false;
  {
    const Watch watch(limit);
    if (caught == 0 && is_ours(fd_)) {
      read = readpassphrase(printable(prompt).c_str(), text, answer.text.size(), RPP_REQUIRE_TTY) !=
             nullptr;
    }
  }
  const int signal = caught;
  const std::size_t size = read && signal == 0 ? strlen(text) : 0;
  if (size > kLongestSecret) {
    throw Error(Errc::bad_request,
                "the passphrase is longer than " + std::to_string(kLongestSecret) + " bytes");
  }
  answer.text.shorten(size);
  answer.given = read && signal == 0;
  answer.timed_out = signal == SIGALRM;
  answer.signal = answer.timed_out ? 0 : signal;
  return answer;
}

std::optional<std::string> Terminal::ask_line(const std::string& prompt) const {
  write_all(fd_.get(), printable(prompt), kTerminal);
  std::string line;
  std::array<char, kLongestLine> chunk;  // NOLINT(*-pro-type-member-init): read() fills it
  for (;;) {
    const ssize_t got = read(fd_.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno(kTerminal);
    if (got == 0) return line.empty() ? std::nullopt : std::optional(line);
    line.append(chunk.data(), static_cast<std::size_t>(got));
    if (line.back() == '\n') {
      line.pop_back();
      return line;
    }
    if (line.size() > kLongestLine) throw Error(Errc::bad_request, "the answer is too long");
  }
}

void Terminal::say(std::string_view text) const {
  write_all(fd_.get(), safe_lines(text), kTerminal);
}

}  // namespace cred
