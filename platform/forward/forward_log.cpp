// SPDX-License-Identifier: MIT
#include "platform/forward/forward_log.h"

#include <poll.h>
#include <unistd.h>

#include <array>

#include "platform/text/notes.h"

namespace cred {
namespace {

constexpr int kMostInSecond = 10;
constexpr std::size_t kLongest = 300;  // bytes: a pipe takes it whole, or not at all
constexpr int kSecond = 1000;          // milliseconds

std::string local_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  localtime_r(&now, &parts);
  std::array<char, 32> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), "%F %T ", &parts)};
}

}  // namespace

void ForwardLog::line(const std::string& text) {
  flush();
  second_ = std::time(nullptr);
  if (++in_second_ <= kMostInSecond) return write(text);
  ++left_out_;
}

void ForwardLog::flush() {
  if (std::time(nullptr) == second_) return;
  if (left_out_ > 0) write(std::to_string(left_out_) + " more in a second are not shown");
  in_second_ = 0;
  left_out_ = 0;
}

int ForwardLog::next_flush() const { return left_out_ > 0 ? kSecond : -1; }

// Not by a stream, which writes nothing more after a failure, as on a disk that was full.
void ForwardLog::write(const std::string& text) {
  pollfd polled{STDERR_FILENO, POLLOUT, 0};
  if (poll(&polled, 1, 0) != 1 || (polled.revents & POLLOUT) == 0) return;
  const std::string line = safe_line(local_now(), text.substr(0, kLongest)) + '\n';
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace cred
