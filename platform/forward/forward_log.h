// SPDX-License-Identifier: MIT
// The lines of a forward on stderr: what was answered, and to whom. Private to platform/forward.
#pragma once

#include <ctime>
#include <string>

namespace cred {

// At most ten lines a second; of more, it is said how many there were. What would have to be waited
// for is left out, as where a terminal is stopped.
class ForwardLog {
 public:
  // With the time before it, made safe to show, and cut where it is long.
  void line(const std::string& text);

  // Says how many were left out, once their second is over.
  void flush();

  // How long poll() may wait until flush() has something to do, in its units.
  [[nodiscard]] int next_flush() const;

 private:
  static void write(const std::string& text);

  std::time_t second_ = 0;
  int in_second_ = 0;
  int left_out_ = 0;
};

}  // namespace cred
