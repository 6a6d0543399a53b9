// SPDX-License-Identifier: MIT
#include "helper/doctor/command.h"

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

Grammar grammar_of(Options& options) {
  return {.name = "doctor",
          .help =
              "Says what is set up, what is wrong, and the command that fixes each. It changes "
              "nothing. Exit status: 0 if there is nothing to fix, 1 if there is.",
          .arguments = {json_argument(options.json),
                        {"--round-trip", &options.round_trip,
                         "Also store a login of no value, read it back and erase it"}},
          .examples = {"docker-credential-keyring doctor",
                       "docker-credential-keyring doctor --json | jq -r '.findings[].command'"}};
}

}  // namespace

int doctor_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  const DoctorFacts facts = gather_facts(context.environment);
  auto findings = diagnose(facts);
  if (options.round_trip) {
    if (auto finding = try_round_trip(facts.environment, facts.settings)) {
      findings.push_back(std::move(*finding));
    }
  }
  if (const auto account = account_behind_sudo(context.environment)) {
    context.err.note(
        "this is about root's account, because sudo called it; without sudo it is about ", *account,
        "'s");
    for (auto& finding : findings) finding.command = with_sudo(finding.command);
  }
  if (options.json) {
    print_report_json(facts, findings, context.document);
  } else {
    print_report(facts, findings, {context.out, context.result_width(), context.colours});
  }
  return is_healthy(findings) ? exit_done : exit_failed;
}

}  // namespace cred
