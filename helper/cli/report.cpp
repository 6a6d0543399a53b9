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

// What is shown of a failure: of one that is not ours nothing, for what() may quote a secret.
std::string_view message_of(const std::exception& failure) {
  const auto* known = dynamic_cast<const Error*>(&failure);
  return known != nullptr ? known->what() : "internal error";
}

std::string hint_of(const std::exception& failure) {
  if (dynamic_cast<const ToldError*>(&failure) != nullptr) return "";
  const auto* known = dynamic_cast<const Error*>(&failure);
  return known == nullptr ? "" : hint_for(*known, Attendance::of_process());
}

int status_of(const std::exception& failure) {
  const auto* known = dynamic_cast<const Error*>(&failure);
  return known != nullptr && known->code() == Errc::left_behind ? exit_partial : exit_failed;
}

int report_hint(const std::exception& failure, const Notes& err) {
  const std::string hint = hint_of(failure);
  if (!hint.empty()) err.hint(hint);
  return status_of(failure);
}

}  // namespace

int report(const std::exception& failure, const Notes& out, const Notes& err) {
  out.line(message_of(failure));
  return report_hint(failure, err);
}

int report_beside(const std::exception& failure, const Notes& err) {
  err.note(message_of(failure));
  return report_hint(failure, err);
}

int report_json(const std::exception& failure, std::ostream& out) {
  const auto* known = dynamic_cast<const Error*>(&failure);
  const bool has_path = known != nullptr && known->path() != nullptr;
  write_error_json(message_of(failure), hint_of(failure), has_path ? known->path()->native() : "",
                   out);
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
