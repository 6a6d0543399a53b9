// SPDX-License-Identifier: MIT
#include "platform/system/told.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

constexpr std::chrono::seconds kRemembered(60);  // a caller may live for months, as an engine does
constexpr std::chrono::seconds kLockWait(1);
constexpr std::size_t kLargestMemory = std::size_t{256} << 10;

struct Told {
  std::string caller;
  std::time_t second = 0;  // since boot
  std::string line;
};

std::time_t now() {
  timespec time = {};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return time.tv_sec;
}

// The process, and when it began: a number is given again. Empty where it cannot be seen, as from
// another PID namespace.
std::string caller() {
  const pid_t parent = getppid();
  if (parent == 0) return "";
  try {
    const std::string status = read_file("/proc/" + std::to_string(parent) + "/stat").value_or("");
    // Behind the name of the program, which may hold anything, the start is the 20th.
    std::istringstream fields(status.substr(std::min(status.rfind(')') + 1, status.size())));
    std::string field;
    for (int i = 0; i < 20; ++i) fields >> field;
    return fields ? std::to_string(parent) + '@' + field : "";
  } catch (const Error&) {
    return "";
  }
}

// What is still remembered of `text`, whose lines are "CALLER SECOND LINE". What was cut short by a
// kill is none.
std::vector<Told> read_memory(const std::string& text) {
  std::vector<Told> memory;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Told told;
    if (!(fields >> told.caller >> told.second) || !std::getline(fields.ignore(), told.line))
      continue;
    const std::time_t age = now() - told.second;
    if (age >= 0 && age < kRemembered.count()) memory.push_back(std::move(told));
  }
  return memory;
}

void write_memory(int fd, const std::vector<Told>& memory) {
  std::string text;
  for (const auto& told : memory) {
    text += told.caller + ' ' + std::to_string(told.second) + ' ' + told.line + '\n';
  }
  // What cannot be written is said again: a nuisance, not a fault.
  if (ftruncate(fd, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(fd, text.data(), text.size(), 0);
  }
}

// Whether `line` was told to whoever called us; if not, it counts as told from now on.
bool was_told(const Environment& environment, const std::string& line) try {
  const std::string here = caller();
  if (here.empty()) return false;
  const auto file = environment.runtime_folder() / "docker-credential-keyring.told";
  const auto lock = FileLock::acquire(file, kLockWait);
  if (!lock) return false;
  std::vector<Told> memory = read_memory(read_all(lock->fd(), kLargestMemory, file));
  if (std::ranges::any_of(
          memory, [&](const Told& told) { return told.caller == here && told.line == line; })) {
    return true;
  }
  memory.push_back({here, now(), line});
  write_memory(lock->fd(), memory);
  return false;
} catch (const Error&) {
  return false;
}

}  // namespace

void note_once(const Environment& environment, const Notes& notes, std::string_view text) {
  if (!was_told(environment, safe_line(text))) notes.note(text);
}

}  // namespace cred
