// SPDX-License-Identifier: MIT
#include "platform/system/told.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/text/base64.h"

namespace cred {
namespace {

constexpr std::chrono::seconds kRemembered(60);  // a caller may live for months, as an engine does
constexpr std::chrono::milliseconds kLockWait(50);
constexpr std::size_t kMostRemembered = 1000;
constexpr std::size_t kLargestMemory = std::size_t{256} << 10;

struct Told {
  std::string caller;
  std::time_t second = 0;  // since boot
  std::string hash;        // of the line, which may quote what docker was asked for
};

std::time_t now() {
  timespec time = {};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return time.tv_sec;
}

std::string hash_of(std::string_view line) {
  std::array<char, crypto_generichash_BYTES> hash = {};
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(line.data()), line.size(), nullptr, 0);
  return encode_base64({hash.data(), hash.size()}, Base64::standard);
}

// The process, and when it began: a number is given again. Empty where it cannot be seen, as from
// another PID namespace.
std::string caller() {
  const pid_t parent = getppid();
  if (parent == 0) return "";
  const std::string status = read_file("/proc/" + std::to_string(parent) + "/stat").value_or("");
  // Behind the name of the program, which may hold anything, the start is the 20th.
  std::istringstream fields(status.substr(std::min(status.rfind(')') + 1, status.size())));
  std::string field;
  for (int i = 0; i < 20; ++i) fields >> field;
  return fields ? std::to_string(parent) + '@' + field : "";
}

// The memory, locked; none where it is not a file of this user's alone: others could read it, hide
// what is to be told, or have it hold us up.
Fd open_memory(const std::filesystem::path& path) {
  Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
               S_IRUSR | S_IWUSR));
  struct stat status = {};
  if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_uid != geteuid() || status.st_nlink != 1 ||
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return {};
  }
  const auto end = std::chrono::steady_clock::now() + kLockWait;
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= end) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return file;
}

// What is still remembered. What was cut short by a kill is none.
std::vector<Told> read_memory(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) != 0 || std::cmp_greater(status.st_size, kLargestMemory)) return {};
  std::istringstream lines(read_all(fd, kLargestMemory, "what was told"));
  std::vector<Told> memory;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Told told;
    if (!(fields >> told.caller >> told.second >> told.hash)) continue;
    const std::time_t age = now() - told.second;
    if (age >= 0 && age < kRemembered.count()) memory.push_back(std::move(told));
  }
  return memory;
}

void write_memory(int fd, const std::vector<Told>& memory) {
  std::string text;
  for (const auto& told : memory) {
    text += told.caller + ' ' + std::to_string(told.second) + ' ' + told.hash + '\n';
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
  const Fd file = open_memory(runtime_file(environment.runtime_folder(), "told"));
  if (!file) return false;
  const std::string hash = hash_of(line);
  std::vector<Told> memory = read_memory(file.get());
  const bool known = std::ranges::any_of(
      memory, [&](const Told& told) { return told.caller == here && told.hash == hash; });
  if (known) return true;
  if (memory.size() >= kMostRemembered) memory.clear();
  memory.push_back({here, now(), hash});
  write_memory(file.get(), memory);
  return false;
} catch (const Error&) {
  return false;
}

}  // namespace

void note_once(const Environment& environment, const Notes& notes, std::string_view text) {
  if (!was_told(environment, safe_line(text))) notes.note(text);
}

}  // namespace cred
