// SPDX-License-Identifier: MIT
// Doctor's page for people.
#include "helper/doctor/report.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "helper/files/login_format.h"
#include "helper/text/table.h"
#include "helper/text/tilde.h"
#include "helper/text/wrap.h"
#include "platform/store/docker_names.h"
#include "platform/text/printable.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

constexpr std::size_t kStatusWidth = 6;  // "WARN", and blanks
constexpr std::size_t kMostLogins = 20;

std::string helper_line(const ProgramFacts& program) {
  if (!program.on_path) return "docker finds none on PATH";
  return program.on_path->string() + (program.is_this ? "" : ", not the one that runs");
}

std::string file_line(const LoginFileFacts& file) {
  if (!file.file.exists) return "not there";
  if (file.file.failure || file.refusal) return "cannot be read";
  std::vector<std::string> parts;
  parts.reserve(file.cred_helpers.size() + 2);
  if (!file.creds_store.empty()) {
    parts.push_back(std::string(file.format->reader) + " asks " + file.creds_store);
  }
  for (const auto& [server, helper] : file.cred_helpers) {
    parts.push_back("for " + server + (helper.empty() ? " this file" : ' ' + helper));
  }
  const auto plain = std::ranges::count_if(file.entries, &EntryFacts::holds_credential);
  parts.push_back(plain == 0 ? "no login in plaintext" : std::to_string(plain) + " in plaintext");
  return join(parts);
}

std::string keyring_line(const KeyringStatus& keyring) {
  if (keyring.failure) {
    const std::string reason = keyring.failure->what();
    if (keyring.bus.empty()) return "none: " + reason;
    return keyring.provider.empty() ? reason : keyring.provider + ", " + reason;
  }
  if (keyring.provider.empty()) {
    return keyring.is_activatable ? "none runs yet; the bus starts it when it is needed"
                                  : "none on the session bus";
  }
  const std::string name = keyring.provider;
  if (!keyring.has_collection) return name + ", without a default collection";
  return name + (keyring.is_locked ? ", locked" : ", unlocked");
}

std::string vault_line(const VaultInspection& vault) {
  const std::string name = vault.file.path.string();
  if (!vault.file.exists) return "none";
  if (vault.failure) return name + ", cannot be used";
  const std::string slots =
      join(vault.slots, ", ", [](const SlotInspection& slot) { return name_of(slot.slot.kind); });
  return name + (vault.status.is_unlocked() ? ", unlocked; keys: " : ", locked; keys: ") + slots;
}

std::string home_line(const HomeStatus& home) {
  if (home.absence) return "none answers";
  return home.servers.empty() ? "answers, and has no login" : "answers for " + join(home.servers);
}

// One line, or several: a status, and what it is about.
void print_status(const Page& page, const Painted& mark, std::size_t wide,
                  const std::string& text) {
  const std::string gap(kStatusWidth - wide, ' ');
  const std::string lines = wrap(printable(text), page.width, kStatusWidth, kStatusWidth);
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = lines.find('\n', begin);
    const std::string line = lines.substr(begin, end == std::string::npos ? end : end - begin);
    if (begin == 0) {
      page.out.line(mark, gap, line);
    } else {
      page.out.line(line);
    }
  }
}

std::string count_of(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

bool is_left_to_set_up(const Finding& finding) {
  return finding.id == FindingId("creds-store-unset") || finding.id == FindingId("no-store");
}

// It was said when the vault was made, and nothing ends it.
bool is_for_ever(const Finding& finding) { return finding.id == FindingId("vault-key-same-disk"); }

std::vector<Finding> without_what_was_said(std::span<const Finding> findings) {
  std::vector<Finding> left;
  std::ranges::remove_copy_if(findings, std::back_inserter(left), is_for_ever);
  return left;
}

std::string verdict(std::span<const Finding> findings) {
  const auto count = [&](Severity severity) {
    return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
  };
  const std::size_t problems = count(Severity::problem);
  const std::size_t warnings = count(Severity::warning);
  if (problems + warnings == 0) {
    return std::ranges::any_of(findings, is_left_to_set_up) ? "nothing to fix, and not set up yet"
                                                            : "nothing to fix";
  }
  std::vector<std::string> parts;
  if (problems > 0) parts.push_back(count_of(problems, "thing", "things") + " to fix");
  if (warnings > 0) parts.push_back(count_of(warnings, "warning", "warnings"));
  return join(parts, " and ");
}

void print_findings(const DoctorFacts& facts, std::span<const Finding> findings, Severity severity,
                    const Page& page) {
  for (const auto& finding : findings) {
    if (finding.severity != severity) continue;
    const Painted mark = severity == Severity::problem   ? page.colours.bad("FIX")
                         : severity == Severity::warning ? page.colours.doubtful("WARN")
                                                         : page.colours.strong("-");
    const std::size_t wide = severity == Severity::problem   ? 3
                             : severity == Severity::warning ? 4
                                                             : 1;
    print_status(page, mark, wide, with_tilde(finding.text, facts.environment));
    // Whole, to be copied.
    if (!finding.command.empty())
      page.out.line(std::string(kStatusWidth, ' '), "    ", page.colours.strong(finding.command));
    page.out.line("");
  }
}

// Whether it works, or is not there; what is wrong with it is a finding.
void print_fact(const DoctorFacts& facts, const Page& page, bool is_good, const std::string& text) {
  print_status(page, is_good ? page.colours.good("ok") : page.colours.strong("-"), is_good ? 2 : 1,
               with_tilde(text, facts.environment));
}

void print_facts(const DoctorFacts& facts, const Page& page) {
  const auto print = [&](bool is_good, const std::string& text) {
    print_fact(facts, page, is_good, text);
  };
  print(facts.program.is_this, "helper: " + helper_line(facts.program));
  for (const auto& file : facts.files) {
    const bool is_good =
        file.file.exists && !file.file.failure && !file.refusal && !file.holds_credentials();
    print(is_good, file.file.path.string() + ": " + file_line(file));
  }
  for (const auto& node : facts.node_files) {
    print(!node.holds_credentials, node.file.path.string() + ": of " + std::string(node.reader));
  }
  if (facts.containers.is_used) {
    print(facts.containers.asks(kHelperName),
          std::string(kContainersTools) + ": ask " + join(facts.containers.asked));
  }
  print(facts.keyring.is_unlocked(), "keyring: " + keyring_line(facts.keyring));
  print(facts.vault.file.exists && !facts.vault.failure, "vault: " + vault_line(facts.vault));
  if (facts.home) print(!facts.home->absence, "home: " + home_line(*facts.home));
}

void print_credentials(const DoctorFacts& facts, const Page& page) {
  const auto credentials = facts.credentials();
  if (credentials.empty()) {
    const bool is_shut =
        facts.keyring.is_locked || (facts.vault.file.exists && !facts.vault.status.is_unlocked());
    return page.out.line(is_shut ? "no login is known; what is locked may have some"
                                 : "no login is stored");
  }
  page.out.line(page.colours.strong(login_count(credentials.size()) + " stored"));
  Table table;
  std::size_t shown = 0;
  for (const auto& [server, credential] : credentials) {
    if (++shown > kMostLogins) break;
    table.add({server, credential.username, join(credential.stores, ", ", &StoreId::name)});
  }
  table.print(page.out, "  ", page.width);
  if (credentials.size() > kMostLogins) {
    page.out.line("  and ", credentials.size() - kMostLogins, " more: ", kProgram, " ls");
  }
}

}  // namespace

void print_report(const DoctorFacts& facts, std::span<const Finding> findings, const Page& page) {
  const std::vector<Finding> shown = without_what_was_said(findings);
  page.out.line(page.colours.strong(verdict(shown)));
  page.out.line("");
  print_findings(facts, shown, Severity::problem, page);
  print_findings(facts, shown, Severity::warning, page);
  print_facts(facts, page);
  page.out.line("");
  if (std::ranges::find(shown, Severity::info, &Finding::severity) != shown.end()) {
    page.out.line(page.colours.strong("worth knowing"));
    page.out.line("");
    print_findings(facts, shown, Severity::info, page);
  }
  print_credentials(facts, page);
}

}  // namespace cred
