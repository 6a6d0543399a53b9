// SPDX-License-Identifier: MIT
#include "helper/doctor/command.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/doctor/doctor.h"
#include "helper/doctor/report.h"
#include "helper/doctor/round_trip.h"

namespace cred {
namespace {

struct Options {
  bool json = false;
  bool round_trip = false;
};

// As parse_command_line().
std::optional<int> parse_options(std::span<const std::string> arguments,
                                 const CommandContext& context, Options& options) {
  CLI::App app(
      "Says what is set up, what is wrong, and the command that mends each. It changes nothing. "
      "Exit status: 0 if there is nothing to mend, 1 if there is.",
      "docker-credential-keyring doctor");
  app.add_flag("--json", options.json, "Print one JSON document");
  app.add_flag("--round-trip", options.round_trip,
               "Also store a login of no value, read it back and erase it");
  return parse_command_line(app, arguments, context);
}

}  // namespace

int doctor_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_options(arguments, context, options)) return *answered;
  const DoctorFacts facts = gather_facts(context.environment);
  auto findings = diagnose(facts);
  if (options.round_trip) {
    if (auto finding = try_round_trip(facts.environment, facts.settings)) {
      findings.push_back(std::move(*finding));
    }
  }
  if (options.json) {
    print_report_json(facts, findings, context.out);
  } else {
    print_report(facts, findings, context.out);
  }
  return is_healthy(findings) ? exit_done : exit_failed;
}

}  // namespace cred
