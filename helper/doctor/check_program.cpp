// SPDX-License-Identifier: MIT
// Docker starts a helper by name, so what it finds on PATH has to be this program.
#include <algorithm>

#include "helper/doctor/checks.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr const char* kInstallFolder = "/usr/local/bin";

std::string install_command(const DoctorFacts& facts, const path& folder, bool needs_root) {
  const path target = folder / kProgram;
  const std::string command =
      shell_command({"install", "-D", "-m", "0755", facts.program.path.string(), target.string()});
  return needs_root ? as_root(facts, command) : command;
}

// For a docker that does not find the program: where it is installed already only PATH is short.
std::string command_for_path(const DoctorFacts& facts) {
  const path folder = facts.program.path.parent_path();
  if (folder == kInstallFolder || folder == "/usr/bin") {
    const std::string shown = shell_command({folder.string()});
    return shown.empty() ? "" : "export PATH=\"$PATH\":" + shown;
  }
  return install_command(facts, kInstallFolder, /*needs_root=*/true);
}

// For a docker that finds it, and starts nothing from where it is found.
std::string command_for_whole_path(const DoctorFacts& facts) {
  const std::string shown = shell_command({facts.program.whole_path});
  if (facts.program.whole_path.empty() || shown.empty()) return "";
  std::string command = "export PATH=" + shown;
  if (facts.program.is_in_whole_path) return command;
  return shell_sequence(install_command(facts, kInstallFolder, /*needs_root=*/true), command);
}

// Whether docker is told to call us at all.
bool is_named(const DoctorFacts& facts) {
  return std::ranges::any_of(facts.files, [](const LoginFileFacts& file) {
    return file.creds_store == kHelperName ||
           std::ranges::any_of(file.cred_helpers,
                               [](const auto& row) { return row.second == kHelperName; });
  });
}

}  // namespace

void check_program(const DoctorFacts& facts, Findings& findings) {
  const ProgramFacts& program = facts.program;
  const Severity severity = is_named(facts) ? Severity::problem : Severity::warning;
  if (!program.on_path) {
    findings.push_back(
        {"helper-not-on-path", severity,
         std::string(kProgram) + " is in no folder of PATH, so docker cannot start it",
         command_for_path(facts)});
  } else if (program.refusal) {
    findings.push_back({"helper-not-on-path", severity,
                        std::string(kProgram) + ' ' + program.refusal->reason,
                        command_for_whole_path(facts)});
  } else if (!program.is_this) {
    findings.push_back(
        {"helper-is-another", severity,
         "docker would start " + program.on_path->string() +
             ", which comes first on PATH and is another program or another "
             "version than this one, " +
             program.path.string(),
         install_command(facts, program.on_path->parent_path(), !program.in_own_folder)});
  }
  if (program.sudo_counts && !program.under_sudo) {
    findings.push_back(
        {"helper-not-under-sudo", Severity::warning,
         "under sudo, which sets a PATH of its own, docker does not find " + std::string(kProgram),
         install_command(facts, kInstallFolder, /*needs_root=*/true)});
  }
}

}  // namespace cred
