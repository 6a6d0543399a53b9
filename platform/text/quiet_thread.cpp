// SPDX-License-Identifier: MIT
#include "platform/text/quiet_thread.h"

#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>

namespace cred {

std::optional<std::jthread> start_quiet_thread(
    const std::function<void(const std::stop_token& stop)>& work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::optional<std::jthread> thread;
  try {
    thread.emplace(work);
  } catch (const std::exception&) {
    // Then there is none.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

void sleep_until_stopped(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace cred
