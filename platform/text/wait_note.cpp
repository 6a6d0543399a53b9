// SPDX-License-Identifier: MIT
#include "platform/text/wait_note.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <utility>

namespace cred {
namespace {

void say_after_a_second(const std::stop_token& stop, const Notes& notes, const std::string& text) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
  if (!stop.stop_requested()) notes.note(text);
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
  } catch (const std::system_error&) {
    alarm_.reset();  // no thread to be had: then nothing is said
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace cred
