// SPDX-License-Identifier: MIT
// The system calls at which the tracer acts: what touches anything outside of the process, with the
// errors that each can give. Killing at any other is as killing at the next of these.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cred::test {

using Arguments = std::array<std::uint64_t, 6>;

struct Call {
  std::string_view name;
  long number;
  int path;                 // the argument that is a path; below 0 if there is none
  std::string_view errors;  // by name, with blanks between; empty for one that cannot fail
};

// nullptr for a call that touches nothing outside.
[[nodiscard]] const Call* find_call(long number);
[[nodiscard]] const Call* find_call(std::string_view name);

// 0 if nothing is called so.
[[nodiscard]] int error_by_name(std::string_view name);

// The errors that `call` can give with these arguments.
[[nodiscard]] std::string errors_of(const Call& call, const Arguments& arguments);

// What the call is made on: its path, or the file that is open as its first argument.
[[nodiscard]] std::string object_of(pid_t pid, const Call& call, const Arguments& arguments);

}  // namespace cred::test
