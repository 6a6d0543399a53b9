// SPDX-License-Identifier: MIT
#include "platform/text/wait_note.h"

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <stop_token>
#include <utility>

namespace cred {
namespace {

void say_after_a_second(const std::stop_token& stop, const Notes& notes, const std::string& text) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
  // A terminal that somebody has stopped takes nothing, and is not waited for.
  pollfd terminal{STDERR_FILENO, POLLOUT, 0};
  if (!stop.stop_requested() && poll(&terminal, 1, 0) == 1) notes.note(text);
}

}  // namespace

WaitNote::WaitNote(const Notes& notes, std::string text) {
  if (isatty(STDERR_FILENO) == 0) return;
  // Signals are for those who wait for them.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    alarm_.emplace(say_after_a_second, notes, std::move(text));
  } catch (const std::exception&) {
    // No thread is to be had: then nothing is said.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace cred
