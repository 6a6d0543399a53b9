// SPDX-License-Identifier: MIT
// The process itself: what must be settled before anything secret is in memory.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "platform/system/environment.h"
#include "platform/system/error.h"

namespace cred {

// No core dumps, no reading by other processes of the user, new files for the user alone, an error
// instead of a signal where the reader of our output has gone or a file may not grow, and no file
// or socket of ours in the place of a closed standard descriptor.
void settle_process();

// The same as it was before, for another program: in the child that becomes it.
void unsettle_process();

[[nodiscard]] bool is_terminal(int fd);

// The terminal that stdin, stderr or stdout is, as "/dev/pts/3".
[[nodiscard]] std::optional<std::string> terminal_name();

// Whether it is a regular file that may be executed.
[[nodiscard]] bool is_program(const std::filesystem::path& file);

// The program that `name` starts: the first of that name in the folders of `search_path`, which are
// parted by colons; on PATH.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& search_path,
                                                                const std::string& name);
[[nodiscard]] std::optional<std::filesystem::path> find_program(const Environment& environment,
                                                                const std::string& name);

// Why docker, as all that is made with Go, starts no `program` by its name where find_program() has
// found this one: PATH does not begin the name of its folder at the root, as in ".".
[[nodiscard]] std::optional<Refusal> why_not_by_name(const std::filesystem::path& program);

// The folders of `search_path` from which docker starts programs, as a PATH.
[[nodiscard]] std::string whole_folders(const std::string& search_path);

// Why `program` cannot be started. Calls it with the argument
// "version", which changes nothing, and gives it `limit`.
[[nodiscard]] std::optional<Refusal> why_not_startable(const Environment& environment,
                                                       const std::filesystem::path& program,
                                                       std::chrono::milliseconds limit);

// The file of the program that is running, which may have been removed or replaced since.
[[nodiscard]] std::filesystem::path own_program();

// Whether `program` is the one that is running: the same file, or a copy of it.
[[nodiscard]] bool is_this_program(const std::filesystem::path& program);

}  // namespace cred
