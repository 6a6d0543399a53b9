// SPDX-License-Identifier: MIT
#include "platform/system/process.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <vector>

#include "platform/system/child.h"

namespace cred {
namespace {

constexpr const char* kOwnProgram = "/proc/self/exe";

// Where there is no /proc, as in a bare root: as the kernel was told at the start.
std::filesystem::path own_file() {
  std::error_code failed;
  if (std::filesystem::exists(kOwnProgram, failed)) return kOwnProgram;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it is the address of a text
  const auto* started = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return started != nullptr ? started : kOwnProgram;
}

// What settle_process() changed, for a program that is started in our place.
struct Before {
  rlimit core = {};
  mode_t mask = 0;
  sighandler_t pipe = SIG_DFL;
  sighandler_t file_size = SIG_DFL;
  sighandler_t child = SIG_DFL;
};
Before before;  // NOLINT(*-avoid-non-const-global-variables)

// Opens the null device in the place of a closed descriptor, in the direction in which using it
// fails as it would have: a closed stdin cannot be read, a closed stdout not be written.
void occupy_if_closed(int fd, int flags) {
  if (fcntl(fd, F_GETFD) == -1) static_cast<void>(open("/dev/null", flags));
}

}  // namespace

void settle_process() {
  getrlimit(RLIMIT_CORE, &before.core);
  const rlimit no_core = {0, before.core.rlim_max};
  setrlimit(RLIMIT_CORE, &no_core);
#ifndef __SANITIZE_ADDRESS__  // whose leak check reads the process as a debugger would
  prctl(PR_SET_DUMPABLE, 0);
#endif
  before.mask = umask(S_IRWXG | S_IRWXO);
  before.pipe = std::signal(SIGPIPE, SIG_IGN);
  before.file_size = std::signal(SIGXFSZ, SIG_IGN);
  before.child = std::signal(SIGCHLD, SIG_DFL);  // or the system reaps what we start
  occupy_if_closed(STDIN_FILENO, O_WRONLY);
  occupy_if_closed(STDOUT_FILENO, O_RDONLY);
  occupy_if_closed(STDERR_FILENO, O_RDWR);
}

void unsettle_process() {
  setrlimit(RLIMIT_CORE, &before.core);
  umask(before.mask);
  static_cast<void>(std::signal(SIGPIPE, before.pipe));
  static_cast<void>(std::signal(SIGXFSZ, before.file_size));
  static_cast<void>(std::signal(SIGCHLD, before.child));
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

std::optional<std::string> terminal_name() {
  std::array<char, PATH_MAX> name = {};
  for (const int fd : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    if (ttyname_r(fd, name.data(), name.size()) == 0) return name.data();
  }
  return std::nullopt;
}

bool is_program(const std::filesystem::path& file) {
  struct stat status = {};
  return stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(file.c_str(), X_OK) == 0;
}

std::optional<std::filesystem::path> find_program(const std::string& search_path,
                                                  const std::string& name) {
  std::istringstream folders(search_path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    auto candidate = std::filesystem::path(folder.empty() ? "." : folder) / name;
    if (is_program(candidate)) return candidate;
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> find_program(const Environment& environment,
                                                  const std::string& name) {
  return find_program(environment.get("PATH").value_or(""), name);
}

std::optional<Refusal> why_not_by_name(const std::filesystem::path& program) {
  if (program.is_absolute()) return std::nullopt;
  return Refusal{"is found in a folder that PATH has as " + program.parent_path().string() +
                 ", and docker starts nothing from there; have whole paths in PATH alone"};
}

std::string whole_folders(const std::string& search_path) {
  std::istringstream folders(search_path);
  std::string whole;
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.starts_with('/')) whole += (whole.empty() ? "" : ":") + folder;
  }
  return whole;
}

std::optional<Refusal> why_not_startable(const Environment& environment,
                                         const std::filesystem::path& program,
                                         std::chrono::milliseconds limit) {
  constexpr std::size_t kMostOutput = std::size_t{64} << 10;
  constexpr int kNotExecutable = 126;  // a shell's word for what it could not start
  constexpr int kNoSuchProgram = 127;
  const std::vector<std::string> arguments{"version"};
  std::vector<std::string> variables;
  for (const char* name : {"PATH", "HOME"}) {
    if (const auto value = environment.get(name)) variables.push_back(name + ("=" + *value));
  }
  try {
    const ChildResult result =
        run_child(program, arguments, variables, {}, {.time = limit, .output = kMostOutput});
    if (result.timed_out) return Refusal{"does not answer"};
    if (result.status < 0) return Refusal{"dies of a signal"};
    const bool started = result.status != kNotExecutable && result.status != kNoSuchProgram;
    if (started) return std::nullopt;
    return Refusal{"lacks something that it needs to start"};
  } catch (const Error& failure) {
    return Refusal{std::string("cannot be started: ") + failure.what()};
  }
}

std::filesystem::path own_program() {
  std::error_code failed;
  auto program = std::filesystem::read_symlink(kOwnProgram, failed);
  return failed ? std::filesystem::absolute(own_file(), failed) : program;
}

bool is_this_program(const std::filesystem::path& program) {
  std::error_code failed;
  const std::filesystem::path own_path = own_file();
  if (std::filesystem::equivalent(program, own_path, failed)) return true;
  if (std::filesystem::file_size(program, failed) != std::filesystem::file_size(own_path, failed)) {
    return false;
  }
  std::ifstream other(program, std::ios::binary);
  std::ifstream own(own_path, std::ios::binary);
  constexpr std::streamsize kBlock = 65536;
  std::string block(kBlock, '\0');
  std::string own_block(kBlock, '\0');
  while (other && own) {
    other.read(block.data(), kBlock);
    own.read(own_block.data(), kBlock);
    const auto size = static_cast<std::size_t>(other.gcount());
    if (other.gcount() != own.gcount()) return false;
    if (std::memcmp(block.data(), own_block.data(), size) != 0) return false;
  }
  return other.eof() && own.eof();
}

}  // namespace cred
