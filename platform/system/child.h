// SPDX-License-Identifier: MIT
// Another program, run within bounds: what it may take of time and output, and nothing of it left
// behind.
#pragma once

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "platform/system/locked_bytes.h"

namespace cred {

// Holds back the signals that would end this process (INT, TERM, HUP, QUIT; not those it ignores).
// One that came meanwhile takes effect when this goes, after everything that was made later is
// cleaned up.
class HeldSignals {
 public:
  HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals();

  [[nodiscard]] const sigset_t& signals() const noexcept { return signals_; }

 private:
  sigset_t signals_ = {};
  sigset_t before_ = {};
};

// What exec() takes: pointers into `texts`, which outlive them, to char that it does not write
// through.
[[nodiscard]] std::vector<char*> exec_pointers(std::span<const std::string> texts);

struct ChildLimits {
  std::chrono::milliseconds time;  // for the program to end; a second more until it is killed
  std::size_t output;              // the most bytes that it may write to stdout
};

struct ChildResult {
  int status = -1;           // its exit code; -1 if it did not end by itself
  bool timed_out = false;    // it was ended for taking too long
  bool interrupted = false;  // it was ended because a signal asks us to end, see HeldSignals
  LockedBytes output;        // its stdout
  std::string errors;        // the first 4 KiB of its stderr: printable ASCII and newlines
};

// Runs `program` with `arguments` (argv[1] and on) and exactly `environment` ("NAME=value");
// `input` is its stdin. It is in a session of its own without a terminal, has no descriptor of
// ours, dumps no core, and dies with us. Waits for it to end, not for its pipes to be closed;
// whatever it has started is killed then. A program that does not read its input, or closes it, is
// no error. Throws Error(io) if it cannot be started or writes more than it may. The process must
// ignore SIGPIPE and have its standard descriptors open: see settle_process().
[[nodiscard]] ChildResult run_child(const std::filesystem::path& program,
                                    std::span<const std::string> arguments,
                                    std::span<const std::string> environment, Bytes input,
                                    const ChildLimits& limits);

}  // namespace cred
