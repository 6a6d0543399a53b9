// SPDX-License-Identifier: MIT
#include "platform/system/prompt_lock.h"

#include <unistd.h>

#include <ctime>

#include "platform/system/error.h"

namespace cred {
namespace {

using std::chrono::nanoseconds;

// Processes that docker started together do not all begin to wait at the same moment.
constexpr std::chrono::seconds kLateStart(2);

// The time since boot, the same in every process, and no date to be set back.
nanoseconds now() {
  timespec time = {};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

FileLock acquire(const LockPlace& place, std::chrono::milliseconds limit,
                 const std::string& busy_with) {
  auto lock = FileLock::acquire(place, limit);
  if (!lock) throw Error(Errc::timed_out, "another process is still busy with " + busy_with);
  return std::move(*lock);
}

}  // namespace

PromptLock::PromptLock(const std::filesystem::path& path, std::chrono::milliseconds limit,
                       const std::string& busy_with, int folder)
    : PromptLock(LockPlace{.file = path, .folder = folder}, limit, busy_with) {}

PromptLock::PromptLock(const LockPlace& place, std::chrono::milliseconds limit,
                       const std::string& busy_with)
    : waiting_since_(now()), lock_(acquire(place, limit, busy_with)) {}

bool PromptLock::was_refused() const {
  nanoseconds::rep ticks = 0;
  if (pread(lock_.fd(), &ticks, sizeof ticks, 0) != sizeof ticks) return false;
  const nanoseconds refused(ticks);
  // A time after now is from before a reboot.
  return refused <= now() && (refused >= waiting_since_ || now() - refused < kLateStart);
}

void PromptLock::record_refusal() {
  const nanoseconds::rep ticks = now().count();
  // If it cannot be written, the next in line asks again: a nuisance, not a fault.
  [[maybe_unused]] const ssize_t told = pwrite(lock_.fd(), &ticks, sizeof ticks, 0);
}

}  // namespace cred
