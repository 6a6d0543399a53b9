// SPDX-License-Identifier: MIT
#include "helper/doctor_command.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <vector>

#include "helper/doctor.h"
#include "helper/doctor_report.h"
#include "helper/doctor_trial.h"
#include "helper/report.h"

namespace cred {
namespace {

struct Options {
  bool json = false;
  bool round_trip = false;
};

// nullopt: the command line was answered already, with `status`.
std::optional<Options> parse_options(std::span<const std::string> arguments,
                                     const CommandContext& context, int& status) {
  Options options;
  CLI::App app(
      "Says what is set up, what is wrong, and the command that mends each. It changes nothing. "
      "Exit status: 0 if there is nothing to mend, 1 if there is.",
      "docker-credential-keyring doctor");
  app.add_flag("--json", options.json, "Print one JSON document");
  app.add_flag("--round-trip", options.round_trip,
               "Also store a login of no value, read it back and erase it");
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& stopped) {
    const bool failed = app.exit(stopped, context.out, context.err) != 0;
    status = failed ? exit_usage : exit_done;
    return std::nullopt;
  }
  return options;
}

}  // namespace

int doctor_command(std::span<const std::string> arguments, const CommandContext& context) {
  int status = exit_done;
  const auto options = parse_options(arguments, context, status);
  if (!options) return status;
  const DoctorFacts facts = gather_facts(context.environment);
  auto findings = diagnose(facts);
  if (options->round_trip) {
    if (auto finding = try_round_trip(facts.environment, facts.settings)) {
      findings.push_back(std::move(*finding));
    }
  }
  if (options->json) {
    print_report_json(facts, findings, context.out);
  } else {
    print_report(facts, findings, context.out);
  }
  return is_healthy(findings) ? exit_done : exit_failed;
}

}  // namespace cred
