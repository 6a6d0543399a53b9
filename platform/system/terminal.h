// SPDX-License-Identifier: MIT
// The user at the terminal of this process, asked for a passphrase while stdin and stdout are
// docker's.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/system/file.h"
#include "platform/system/locked_bytes.h"

namespace cred {

// The width of a terminal, in columns, where nothing says it.
inline constexpr std::size_t kUsualWidth = 80;

// That of the terminal that `fd` is, else `columns`, which is $COLUMNS, else the usual one; from
// 20, which a few words need, to 1000.
[[nodiscard]] std::size_t terminal_width(int fd, std::string_view columns);

// Ends the process as `signal` would have, which came while the user was asked. Throws
// Error(bad_request) where the signal is blocked.
[[noreturn]] void die_of(int signal);

class Terminal {
 public:
  static constexpr std::size_t kLongestSecret = 1023;  // bytes

  // nullopt where nobody can be asked: no controlling terminal, or another job has it.
  [[nodiscard]] static std::optional<Terminal> open();

  struct Answer {
    LockedBytes text{0};     // without the newline; may be empty
    bool given = false;      // the user ended the line, or the input (which gives an empty text)
    bool timed_out = false;  // nothing was given within the limit
    int signal = 0;          // INT, QUIT, TERM or HUP came instead: the caller ends by it
  };

  // Shows `prompt`, made safe as all text is here, and reads one line that is not shown. The
  // terminal is as it was afterwards, also after a signal; a stop (^Z) asks anew when it is over.
  // Neither given nor anything else: the terminal went away, or to another job. Throws bad_request
  // for a line longer than kLongestSecret. Uses SIGALRM and its timer meanwhile. One call at a time
  // in a process.
  [[nodiscard]] Answer ask_secret(const std::string& prompt, std::chrono::seconds limit) const;

  // Shows `prompt` and reads one line, which is shown; without the newline. nullopt at the end of
  // the input.
  [[nodiscard]] std::optional<std::string> ask_line(const std::string& prompt) const;

  // `text` is one line or several.
  void say(std::string_view text) const;

 private:
  explicit Terminal(Fd fd) noexcept : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace cred
