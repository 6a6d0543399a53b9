// SPDX-License-Identifier: MIT
#include "helper/cli/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

#include "helper/cli/hints.h"
#include "helper/text/json_text.h"
#include "platform/system/error.h"
#include "platform/system/told.h"

namespace cred {
namespace {

std::string hint_of(const std::exception& failure) {
  if (dynamic_cast<const ToldError*>(&failure) != nullptr) return "";
  return hint_for(as_error(failure), Attendance::of_process());
}

int status_of(const std::exception& failure) {
  return as_error(failure).code() == Errc::left_behind ? exit_partial : exit_failed;
}

int report_hint(const std::exception& failure, const Notes& err) {
  const std::string hint = hint_of(failure);
  if (!hint.empty()) err.hint(hint);
  return status_of(failure);
}

}  // namespace

int report(const std::exception& failure, const Notes& out, const Notes& err) {
  out.line(as_error(failure).what());
  return report_hint(failure, err);
}

int report_beside(const std::exception& failure, const Notes& err) {
  err.note(as_error(failure).what());
  return report_hint(failure, err);
}

int report_json(const std::exception& failure, std::ostream& out) {
  const Error error = as_error(failure);
  write_error_json(error.what(), hint_of(failure),
                   error.path() != nullptr ? error.path()->native() : "", out);
  return status_of(failure);
}

void write_error_json(std::string_view message, std::string_view hint, std::string_view path,
                      std::ostream& out) {
  write_json({{"version", 1}, {"error", {{"message", message}, {"hint", hint}, {"path", path}}}},
             out);
}

bool asks_for_json(std::span<const std::string> arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return std::find(arguments.begin(), end, kJsonOption) != end;
}

}  // namespace cred
