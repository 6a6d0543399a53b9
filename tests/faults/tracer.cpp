// SPDX-License-Identifier: MIT
// Runs programs, and acts at a system call of the first: lets it fail, kills the program there, or
// holds it there while the others run. Calls are counted from the first line of our program's main
// on, which forbids core dumps; only those that calls.h knows. Threads and children of a program
// are left alone.
//
//   tracer calls -- PROGRAM                      a line for each call: NUMBER NAME ERROR,… OBJECT
//   tracer fail NUMBER ERROR -- PROGRAM          that call, or the next one that can, gives ERROR,
//   and
//                                                is not made
//   tracer kill NUMBER -- PROGRAM                kill -9, just before that call
//   tracer together NUMBER -- PROGRAM -- PROGRAM…
//       the first is held just before that call, while each of the others runs in turn, to its end
//       or until it waits for a lock; then it goes on. NUMBER 0: it is never held
//
//   PROGRAM: [<FILE] [>FILE] [2>FILE] COMMAND [ARGUMENT]…
//   --deny NAME=ERROR, before NUMBER: each such call of any of them gives ERROR
//
// Writes "at NUMBER NAME OBJECT" if that call came, and "exited STATUS" or "killed SIGNAL" for each
// program; "hangs", if they have not ended after two minutes, and kills them.
#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/calls.h"

namespace cred::test {
namespace {

constexpr unsigned kPatience = 120;  // seconds

struct Program {
  std::vector<std::string> command;
  std::string in, out, err;  // files; empty: /dev/null, and ours
  pid_t pid = 0;
  bool is_begun = false;  // main is reached
  bool is_held = false;
  bool is_ended = false;
  bool found_lock_held = false;  // by its last call
  bool waits_for_lock = false;
  long calls = 0;   // since main, those of calls.h
  long number = 0;  // of its last call
  int answer = 0;   // the error that the call under way gives; 0: its own answer
  int status = 0;
};

void check(bool is_done, const std::string& what) {
  if (!is_done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

// --- registers ---------------------------------------------------------------------------------

#if defined(__x86_64__)
void skip_call(pid_t pid) {
  check(ptrace(PTRACE_POKEUSER, pid, offsetof(user_regs_struct, orig_rax), -1L) == 0, "skip");
}

void set_result(pid_t pid, long result) {
  check(ptrace(PTRACE_POKEUSER, pid, offsetof(user_regs_struct, rax), result) == 0, "result");
}
#elif defined(__aarch64__)
void skip_call(pid_t pid) {
  int none = -1;
  iovec place{&none, sizeof none};
  check(ptrace(PTRACE_SETREGSET, pid, 0x404 /* NT_ARM_SYSTEM_CALL */, &place) == 0, "skip");
}

void set_result(pid_t pid, long result) {
  user_regs_struct registers = {};
  iovec place{&registers, sizeof registers};
  check(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &place) == 0, "registers");
  registers.regs[0] = static_cast<unsigned long long>(result);
  check(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &place) == 0, "result");
}
#else
#error "tracer: add how this processor's kernel skips a call"
#endif

// --- starting ----------------------------------------------------------------------------------

void redirect(const std::string& file, int to, int flags) {
  const int fd = open(file.c_str(), flags, 0600);
  if (fd < 0 || dup2(fd, to) < 0) _exit(126);
  if (fd != to) close(fd);
}

void become(const Program& program) {
  redirect(program.in.empty() ? "/dev/null" : program.in, STDIN_FILENO, O_RDONLY);
  if (!program.out.empty()) redirect(program.out, STDOUT_FILENO, O_WRONLY | O_CREAT | O_TRUNC);
  if (!program.err.empty()) redirect(program.err, STDERR_FILENO, O_WRONLY | O_CREAT | O_TRUNC);
  std::vector<char*> arguments;
  for (const auto& word : program.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  raise(SIGSTOP);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

void go_on(const Program& program, int signal = 0) {
  // One that was killed meanwhile says so itself.
  ptrace(PTRACE_SYSCALL, program.pid, 0, static_cast<long>(signal));
}

void start(Program& program) {
  program.pid = fork();
  check(program.pid >= 0, "fork");
  if (program.pid == 0) become(program);
  int status = 0;
  check(waitpid(program.pid, &status, 0) == program.pid && WIFSTOPPED(status), "start");
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  check(ptrace(PTRACE_SETOPTIONS, program.pid, 0, options) == 0, "options");
  go_on(program);
}

// --- what is decided at a call -----------------------------------------------------------------

enum class Act { list, fail, kill, hold };

struct Plan {
  Act act = Act::list;
  long number = 0;
  int error = 0;
  std::string error_name;
  std::vector<std::pair<const Call*, int>> denied;
};

// The first line of our main forbids core dumps.
bool is_begin_of_main(long number, const Arguments& arguments) {
  return number == SYS_prlimit64 && arguments[1] == RLIMIT_CORE && arguments[2] != 0;
}

// A file that cannot be closed is closed all the same.
void give(Program& program, long number, int error) {
  if (number != SYS_close) skip_call(program.pid);
  program.answer = error;
}

class Tracer {
 public:
  Tracer(Plan plan, std::vector<Program> programs)
      : plan_(std::move(plan)), programs_(std::move(programs)) {}

  void run() {
    Program& first = programs_.front();
    start(first);
    wait_until([&] { return first.is_held || first.is_ended; });
    for (auto& other : std::span(programs_).subspan(1)) {
      start(other);
      wait_until([&] { return other.is_ended || other.waits_for_lock; });
    }
    if (std::exchange(first.is_held, false)) go_on(first);
    wait_until([&] { return std::ranges::all_of(programs_, &Program::is_ended); });
  }

  void tell() const {
    for (const auto& program : programs_) {
      if (WIFEXITED(program.status)) std::cout << "exited " << WEXITSTATUS(program.status) << '\n';
      if (WIFSIGNALED(program.status)) std::cout << "killed " << WTERMSIG(program.status) << '\n';
    }
  }

 private:
  void wait_until(const std::function<bool()>& is_enough) {
    while (!is_enough()) {
      int status = 0;
      const pid_t pid = waitpid(-1, &status, __WALL);
      if (pid < 0 && errno == EINTR) continue;
      check(pid > 0, "waitpid");
      const auto program = std::ranges::find(programs_, pid, &Program::pid);
      if (program != programs_.end()) came(*program, status);
    }
  }

  void came(Program& program, int status) {
    if (!WIFSTOPPED(status)) {
      program.is_ended = true;
      program.status = status;
      return;
    }
    const int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      at_call(program);
      if (!program.is_held) go_on(program);
      return;
    }
    const bool is_event = status >> 16 != 0;
    go_on(program, is_event ? 0 : signal);
  }

  void at_call(Program& program) {
    __ptrace_syscall_info info = {};
    check(ptrace(PTRACE_GET_SYSCALL_INFO, program.pid, sizeof info, &info) > 0, "call");
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      Arguments arguments = {};
      std::ranges::copy(info.entry.args, arguments.begin());
      before(program, static_cast<long>(info.entry.nr), arguments);
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      after(program, static_cast<long>(info.exit.rval));
    }
  }

  void before(Program& program, long number, const Arguments& arguments) {
    const bool naps = number == SYS_clock_nanosleep || number == SYS_nanosleep;
    if (program.found_lock_held && naps) program.waits_for_lock = true;
    program.found_lock_held = false;
    program.number = number;
    program.is_begun = program.is_begun || is_begin_of_main(number, arguments);
    const Call* call = program.is_begun ? find_call(number) : nullptr;
    if (call == nullptr) return;
    for (const auto& [denied, error] : plan_.denied) {
      if (denied == call) give(program, number, error);
    }
    ++program.calls;
    if (&program != &programs_.front()) return;
    if (plan_.act == Act::list) {
      std::cout << program.calls << ' ' << call->name << ' ' << errors_of(*call, arguments) << '\t'
                << object_of(program.pid, *call, arguments) << '\n';
    } else if (!is_done_ && plan_.number > 0 && program.calls >= plan_.number &&
               can_be_here(*call, arguments)) {
      is_done_ = true;
      std::cout << "at " << program.calls << ' ' << call->name << '\t'
                << object_of(program.pid, *call, arguments) << '\n';
      act(program, number);
    }
  }

  [[nodiscard]] bool can_be_here(const Call& call, const Arguments& arguments) const {
    return plan_.act != Act::fail ||
           (errors_of(call, arguments) + ' ').find(plan_.error_name + ' ') != std::string::npos;
  }

  void act(Program& program, long number) const {
    if (plan_.act == Act::fail) give(program, number, plan_.error);
    if (plan_.act == Act::kill) kill(program.pid, SIGKILL);
    if (plan_.act == Act::hold) program.is_held = true;
  }

  void after(Program& program, long result) {
    program.found_lock_held = program.number == SYS_flock && result == -EWOULDBLOCK;
    if (program.answer == 0) return;
    set_result(program.pid, -program.answer);
    program.answer = 0;
  }

  Plan plan_;
  std::vector<Program> programs_;
  bool is_done_ = false;  // what is to be done at a call
};

// --- the command line --------------------------------------------------------------------------

Program program_of(std::span<const std::string> words) {
  Program program;
  for (const auto& word : words) {
    if (program.command.empty() && word.starts_with('<')) {
      program.in = word.substr(1);
    } else if (program.command.empty() && word.starts_with('>')) {
      program.out = word.substr(1);
    } else if (program.command.empty() && word.starts_with("2>")) {
      program.err = word.substr(2);
    } else {
      program.command.push_back(word);
    }
  }
  if (program.command.empty()) throw std::runtime_error("a program is missing");
  return program;
}

int error_of(const std::string& name) {
  const int error = error_by_name(name);
  if (error == 0) throw std::runtime_error("no such error: " + name);
  return error;
}

std::pair<const Call*, int> denial_of(const std::string& text) {
  const auto equals = text.find('=');
  const Call* call = find_call(std::string_view(text).substr(0, equals));
  if (call == nullptr) throw std::runtime_error("no such call: " + text);
  return {call, error_of(text.substr(equals + 1))};
}

Plan plan_of(std::vector<std::string> words) {
  Plan plan;
  const auto next = [&words] {
    if (words.empty()) throw std::runtime_error("too few arguments");
    std::string word = words.front();
    words.erase(words.begin());
    return word;
  };
  const std::string act = next();
  while (!words.empty() && words.front() == "--deny") {
    next();
    plan.denied.push_back(denial_of(next()));
  }
  if (act == "calls") return plan;
  plan.act = act == "fail" ? Act::fail : act == "kill" ? Act::kill : Act::hold;
  plan.number = std::stol(next());
  if (plan.act == Act::fail) plan.error = error_of(plan.error_name = next());
  return plan;
}

void run(std::span<const std::string> words) {
  std::vector<std::vector<std::string>> parts(1);
  for (const auto& word : words) {
    if (word == "--") {
      parts.emplace_back();
    } else {
      parts.back().push_back(word);
    }
  }
  std::vector<Program> programs;
  for (const auto& part : std::span(parts).subspan(1)) programs.push_back(program_of(part));
  if (programs.empty()) throw std::runtime_error("a program is missing");
  Tracer tracer(plan_of(parts.front()), std::move(programs));
  tracer.run();
  tracer.tell();
}

void lose_patience(int /*signal*/) {
  constexpr std::string_view kHangs = "hangs\n";
  [[maybe_unused]] const ssize_t told = write(STDOUT_FILENO, kHangs.data(), kHangs.size());
  _exit(3);  // the programs go with it
}

}  // namespace
}  // namespace cred::test

int main(int argc, char** argv) {
  std::signal(SIGALRM, cred::test::lose_patience);
  alarm(cred::test::kPatience);
  try {
    cred::test::run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& failure) {
    std::cerr << "tracer: " << failure.what() << '\n';
    return 2;
  }
  return 0;
}
