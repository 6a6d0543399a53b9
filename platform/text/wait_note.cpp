// SPDX-License-Identifier: MIT
#include "platform/text/wait_note.h"

#include <poll.h>
#include <unistd.h>

#include <chrono>

#include "platform/text/quiet_thread.h"

namespace cred {

WaitNote::WaitNote(const Notes& notes, std::string text) {
  if (isatty(STDERR_FILENO) == 0) return;
  alarm_ = start_quiet_thread([notes, text = std::move(text)](const std::stop_token& stop) {
    sleep_until_stopped(stop, std::chrono::seconds(1));
    // A terminal that somebody has stopped takes nothing, and is not waited for.
    pollfd terminal{STDERR_FILENO, POLLOUT, 0};
    if (!stop.stop_requested() && poll(&terminal, 1, 0) == 1) notes.note(text);
  });
}

}  // namespace cred
