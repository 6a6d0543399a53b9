// SPDX-License-Identifier: MIT
#include "platform/system/child.h"

#include <doctest/doctest.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "platform/system/error.h"
#include "tests/lab/refusal.h"

namespace cred::test {
namespace {

using std::chrono::milliseconds;

ChildResult run(const std::string& script, const std::string& input = "",
                milliseconds time = std::chrono::seconds(120)) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  const std::vector<std::string> arguments{"-c", script};
  const std::vector<std::string> environment{"PATH=/usr/bin:/bin"};
  const Bytes bytes(reinterpret_cast<const unsigned char*>(input.data()), input.size());
  return run_child("/bin/sh", arguments, environment, bytes, {time, 100});
}

std::string text(const LockedBytes& bytes) { return {bytes.bytes().begin(), bytes.bytes().end()}; }

// Long before those that sleep would wake: a second of patience between TERM and KILL, and what a
// busy machine adds.
constexpr std::chrono::seconds kSoon(120);

}  // namespace

TEST_CASE("another program ends") {
  struct Row {
    const char* name;
    std::string script, input, output, errors;
    int status;
  };
  const std::string large(1 << 20, 'x');
  const Row rows[] = {
      {"well", "cat", "in", "in", "", 0},
      {"with a status", "echo no >&2; exit 3", "", "", "no\n", 3},
      {"by a signal", "kill -SEGV $$", "", "", "", -1},
      {"without reading", "exec <&-; echo out", large, "out\n", "", 0},
      {"having read much", "wc -c | tr -d ' '", large, "1048576\n", "", 0},
      {"having told in colours", R"(printf '\033[1m\351\n' >&2)", "", "", "?[1m?\n", 0},
      {"having written what it may", "head -c 100 /dev/zero | tr '\\0' x", "",
       std::string(100, 'x'), "", 0},
      {"before those that it started", "sleep 600 & echo out", "", "out\n", "", 0},
      {"without our handlers", "kill -PIPE $$", "", "", "", -1},
      {"without our descriptors", "ls /proc/self/fd | tr '\\n' ' '", "", "0 1 2 3 ", "", 0},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const auto begin = std::chrono::steady_clock::now();
      const ChildResult result = run(row.script, row.input);
      CHECK(result.status == row.status);
      CHECK(text(result.output) == row.output);
      CHECK(result.errors == row.errors);
      CHECK_FALSE(result.timed_out);
      CHECK_FALSE(result.interrupted);
      CHECK(std::chrono::steady_clock::now() - begin < kSoon);
    }
  }
}

// That ends by its time limit. On a busy machine it may not even have begun by then: then with more
// time.
static ChildResult told_and_timed_out(const std::string& script) {
  for (const int limit : {200, 2000}) {
    ChildResult result = run("echo out; " + script, std::string(1 << 20, 'x'), milliseconds(limit));
    if (!text(result.output).empty()) return result;
  }
  return run("echo out; " + script, std::string(1 << 20, 'x'), std::chrono::seconds(20));
}

TEST_CASE("another program does not end") {
  struct Row {
    const char* name;
    std::string script;
  };
  const Row rows[] = {
      {"sleeping", "exec sleep 600"},
      {"deaf to TERM", "trap '' TERM; sleep 600; sleep 600"},
      {"waiting for others", "sleep 600 | sleep 600"},
      {"with its pipes closed", "exec sleep 600 <&- >&- 2>&-"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const auto begin = std::chrono::steady_clock::now();
      const ChildResult result = told_and_timed_out(row.script);
      CHECK(result.timed_out);
      CHECK(result.status == -1);
      CHECK(text(result.output) == "out\n");
      CHECK(std::chrono::steady_clock::now() - begin < kSoon);
    }
  }
}

TEST_CASE("another program fails") {
  const auto failure = [](const auto& action) { return refusal_of(action, Errc::io); };
  CHECK(failure([] { static_cast<void>(run("head -c 101 /dev/zero")); }) ==
        "more than 100 bytes of output");
  CHECK(failure([] { static_cast<void>(run("yes")); }) == "more than 100 bytes of output");
  CHECK(failure([] {
          static_cast<void>(run_child("/no/program", {}, {}, {}, {milliseconds(1000), 1}));
        }) == "/no/program: No such file or directory");
}

TEST_CASE("a signal that ends us ends the other program first") {
  static std::sig_atomic_t came = 0;
  came = 0;
  const auto before = std::signal(SIGTERM, [](int) { came = 1; });
  {
    const HeldSignals held;
    static_cast<void>(std::raise(SIGTERM));
    const ChildResult result = run("exec sleep 600");
    CHECK(result.interrupted);
    CHECK(result.status == -1);
    CHECK(came == 0);
  }
  CHECK(came == 1);
  static_cast<void>(std::signal(SIGTERM, before));
}

}  // namespace cred::test
