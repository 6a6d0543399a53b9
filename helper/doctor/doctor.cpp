// SPDX-License-Identifier: MIT
#include "helper/doctor/doctor.h"

#include <algorithm>
#include <array>

#include "helper/doctor/checks.h"
#include "helper/text/shell_words.h"

namespace cred {
namespace {

// First the program, then a place for logins, then what moves them there: so the commands work one
// after the other.
constexpr std::array kChecks{
    check_program,         check_settings,    check_index,      check_keyring, check_vault,
    check_choice,          check_login_files, check_plaintext,  check_helpers, check_auth_config,
    check_registries_conf, check_auth_files,  check_node_files, check_kubelet, check_credentials,
    check_shared,          check_home};

// As long as `command`: what the shell takes for text in it is '.', so that what is left is the
// shell's.
std::string without_quoted(std::string command) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const bool is_escape = !is_quoted && command[i] == '\\';
    if (command[i] == '\'') {
      is_quoted = !is_quoted;
    } else if (is_quoted || is_escape) {
      command[i] = '.';
    }
    if (is_escape && i + 1 < command.size()) command[++i] = '.';
  }
  return command;
}

}  // namespace

std::string_view name_of(Severity severity) {
  if (severity == Severity::problem) return "problem";
  return severity == Severity::warning ? "warning" : "info";
}

std::vector<Finding> diagnose(const DoctorFacts& facts) {
  Findings findings;
  for (const auto check : kChecks) check(facts, findings);
  return findings;
}

bool is_healthy(std::span<const Finding> findings) {
  return std::ranges::all_of(
      findings, [](const Finding& finding) { return finding.severity == Severity::info; });
}

std::optional<std::string> account_behind_sudo(const Environment& environment) {
  auto account = environment.get("SUDO_USER");
  if (environment.uid != 0 || account == "root") return std::nullopt;
  return account;
}

std::string with_sudo(const std::string& command) {
  if (command.empty() || command.starts_with("unset ") || command.starts_with("export ")) {
    return command;
  }
  const std::string bare = without_quoted(command);
  const auto own = std::min(bare.find(" && export "), bare.size());  // for the caller's shell
  const std::string root = command.substr(0, own);
  const bool is_one = bare.substr(0, own).find_first_of("&|;()<>") == std::string::npos;
  return (is_one ? "sudo " + root : shell_command({"sudo", "sh", "-c", root})) +
         command.substr(own);
}

std::string as_root(const DoctorFacts& facts, const std::string& command) {
  return command.empty() || facts.is_root() ? command : "sudo " + command;
}

bool is_dead(const DoctorFacts& facts, const std::string& helper) {
  const auto found = facts.helpers.find(helper);
  return found != facts.helpers.end() && (!found->second.program || found->second.refusal);
}

std::string for_sed(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/";
  if (text.find_first_not_of(kPlain) != std::string_view::npos) return "";
  std::string escaped;
  for (const char c : text) escaped += (c == '.' || c == '/' ? "\\" : "") + std::string(1, c);
  return escaped;
}

std::string json_edit_command(const std::filesystem::path& file, const std::string& key,
                              const std::string& before, const std::string& value) {
  const std::string at = for_sed(key);
  const std::string found = for_sed(before);
  if (at.empty() || found.empty()) return "";
  const std::string edit = R"-(s/\(")-" + at + R"-("[[:space:]]*:[[:space:]]*\)")-" + found +
                           R"-("/\1")-" + value + R"-("/)-";
  return shell_command({"sed", "-i", "--follow-symlinks", edit, file.string()});
}

std::string chmod_command(const DoctorFacts& facts, const char* mode, const FileStatus& file) {
  if (!facts.is_root() && file.owner != facts.environment.uid) return "";
  return shell_command({"chmod", mode, file.path.string()});
}

}  // namespace cred
