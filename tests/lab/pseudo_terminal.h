// SPDX-License-Identifier: MIT
// A terminal with somebody at it, for what asks at /dev/tty.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>
#include <string>

#include "platform/system/file.h"

namespace cred::test {

struct Conversation {
  std::string shown;   // on the terminal
  std::string result;  // of the work
};

// Appends one read of `fd` to `text`; false where there is nothing more.
inline bool read_more(const Fd& fd, std::string& text) {
  std::array<char, 4096> chunk = {};
  const ssize_t got = read(fd.get(), chunk.data(), chunk.size());
  if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

// Runs `work` in a child process at a terminal of its own. There `typed` is typed as soon as
// `prompt` is shown.
inline Conversation at_terminal(const std::string& prompt, const std::string& typed,
                                const std::function<std::string()>& work) {
  std::array<int, 2> ends = {};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const Fd from_work(ends[0]);
  Fd to_us(ends[1]);
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string result = work();
    _exit(write(to_us.get(), result.data(), result.size()) < 0 ? 1 : 0);
  }
  to_us = Fd();
  const Fd ours(terminal);
  Conversation conversation;
  bool is_typed = false;
  while (read_more(ours, conversation.shown)) {
    if (is_typed || conversation.shown.find(prompt) == std::string::npos) continue;
    is_typed = write(ours.get(), typed.data(), typed.size()) > 0;
  }
  while (read_more(from_work, conversation.result)) continue;
  waitpid(child, nullptr, 0);
  return conversation;
}

// What `work` returns in a child process that has no terminal.
inline std::string without_terminal(const std::function<std::string()>& work) {
  const auto detached = [&] {
    std::signal(SIGHUP, SIG_IGN);  // which the leader of a session gets for it
    return ioctl(STDIN_FILENO, TIOCNOTTY) == 0 ? work() : "the terminal stays";
  };
  return at_terminal("never shown", "", detached).result;
}

}  // namespace cred::test
