// SPDX-License-Identifier: MIT
// What a failure looks like from outside.
#pragma once

#include <exception>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "platform/text/notes.h"

namespace cred {

// How people's commands end; docker's know only 0 and 1.
enum ExitCode : int { exit_done = 0, exit_failed = 1, exit_usage = 2, exit_partial = 3 };

// For docker: the message on `out`, one line, and what to do next on `err`. Returns the exit
// status.
int report(const std::exception& failure, const Notes& out, const Notes& err);

// For people, whose stdout has results alone: both on `err`.
int report_beside(const std::exception& failure, const Notes& err);

// The same with --json: one document on `out`.
int report_json(const std::exception& failure, std::ostream& out);

// {"version": 1, "error": {"message", "hint", "path"}}, of which the last two may be empty.
void write_error_json(std::string_view message, std::string_view hint, std::string_view path,
                      std::ostream& out);

// Of the commands that can answer in JSON; json_argument() describes it.
inline constexpr const char* kJsonOption = "--json";

// Whether `arguments`, of a command for people, ask for JSON.
[[nodiscard]] bool asks_for_json(std::span<const std::string> arguments);

}  // namespace cred
