// SPDX-License-Identifier: MIT
#include "helper/cli/report.h"

#include <string_view>

#include "helper/cli/hints.h"
#include "platform/system/error.h"
#include "platform/system/told.h"

namespace cred {
namespace {

// What is shown of a failure: of one that is not ours nothing, for what() may quote a secret.
std::string_view message_of(const std::exception& failure) {
  const auto* known = dynamic_cast<const Error*>(&failure);
  return known != nullptr ? known->what() : "internal error";
}

int report_hint(const std::exception& failure, const Notes& err) {
  const bool was_told = dynamic_cast<const ToldError*>(&failure) != nullptr;
  if (const auto* known = dynamic_cast<const Error*>(&failure); known != nullptr && !was_told) {
    const std::string hint = hint_for(*known, Attendance::of_process());
    if (!hint.empty()) err.hint(hint);
    if (known->code() == Errc::left_behind) return exit_partial;
  }
  return exit_failed;
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

}  // namespace cred
