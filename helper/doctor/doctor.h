// SPDX-License-Identifier: MIT
// What is wrong on a machine, said of facts that were gathered before: pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "helper/doctor/facts.h"
#include "helper/doctor/findings.h"

namespace cred {

enum class Severity {
  problem,  // docker or this program fails, or a secret lies open
  warning,  // it works, and should be fixed all the same
  info,     // may well be what the user wants
};

struct Finding {
  FindingId id;
  Severity severity = Severity::info;
  std::string text;          // one sentence or two for people
  std::string command = {};  // fixes it, copied into a shell as it is; empty if no command can
};

// "problem", "warning", "info".
[[nodiscard]] std::string_view name_of(Severity severity);

// In an order in which the commands work, one after the other.
[[nodiscard]] std::vector<Finding> diagnose(const DoctorFacts& facts);

// Whose account sudo hides, for whoever calls doctor by it; nullopt without sudo.
[[nodiscard]] std::optional<std::string> account_behind_sudo(const Environment& environment);

// `command`, of root, for that account's shell: by sudo, save for what changes that shell alone.
[[nodiscard]] std::string with_sudo(const std::string& command);

// Whether there is nothing to fix.
[[nodiscard]] bool is_healthy(std::span<const Finding> findings);

}  // namespace cred
