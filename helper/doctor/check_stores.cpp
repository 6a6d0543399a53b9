// SPDX-License-Identifier: MIT
// The keyring, which store is to be used, and what is in them.
#include <algorithm>
#include <set>
#include <string_view>

#include "helper/cli/hints.h"
#include "helper/doctor/checks.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

constexpr std::string_view kBusVariable = "DBUS_SESSION_BUS_ADDRESS";
constexpr std::string_view kRuntimeVariable = "XDG_RUNTIME_DIR";  // leads to the bus without it
constexpr std::string_view kStoreVariable = "DOCKER_CREDENTIAL_KEYRING_STORE";

std::string unset_command(const DoctorFacts& facts, std::string_view variable) {
  return facts.environment.get(variable) ? shell_command({"unset", variable}) : "";
}

std::string create_command(const DoctorFacts& facts) {
  return vault_create_command(facts.at_terminal, facts.vault.usual_key_file.string());
}

// ---- the keyring

void add_silence(const DoctorFacts& facts, Findings& findings) {
  const KeyringStatus& keyring = facts.keyring;
  if (keyring.process == 0) {
    findings.push_back({"bus-silent", Severity::problem,
                        "the D-Bus session bus does not answer, so every search for the keyring "
                        "costs time and finds nothing",
                        unset_command(facts, kBusVariable)});
    return;
  }
  findings.push_back({"keyring-silent", Severity::problem,
                      keyring.provider + " does not answer; once it is ended, a new one can start",
                      shell_command({"kill", "-KILL", std::to_string(keyring.process)})});
}

void add_missing_library(const DoctorFacts& facts, Findings& findings) {
  const bool needed = !facts.vault.file.exists || !facts.stores.at(kKeyringId).indexed.empty();
  findings.push_back({"module-unusable", needed ? Severity::problem : Severity::info,
                      std::string(facts.keyring.failure->what()) + "; " + std::string(kLibraryHint),
                      facts.vault.file.exists ? "" : create_command(facts)});
}

// Without its library a keyring that is unlocked works all the same.
void check_prompter(const DoctorFacts& facts, Findings& findings) {
  const auto& failure = facts.keyring.prompter_failure;
  if (!failure) return;
  findings.push_back(
      {"asker-missing", Severity::warning,
       *failure + ", so nobody can be asked to unlock the keyring; " + std::string(kLibraryHint)});
}

void add_unusable_bus(const DoctorFacts& facts, Findings& findings) {
  const Error& failure = *facts.keyring.failure;
  const std::string_view variable =
      facts.environment.get(kBusVariable) ? kBusVariable : kRuntimeVariable;
  // That there is no bus is nothing that ails.
  if (variable != kBusVariable && failure.code() == Errc::unavailable) return;
  // A vault needs no bus.
  const bool needed = failure.code() != Errc::unavailable || !facts.vault.file.exists ||
                      facts.settings.store == kKeyringId || facts.vault.failure ||
                      !facts.stores.at(kKeyringId).indexed.empty();
  findings.push_back({"bus-unusable", needed ? Severity::warning : Severity::info,
                      std::string(variable) + " leads to no bus of this user: " + failure.what(),
                      facts.environment.get(variable) ? unset_command(facts, variable) : ""});
}

void check_reach(const DoctorFacts& facts, Findings& findings) {
  const KeyringStatus& keyring = facts.keyring;
  if (!keyring.failure) return check_prompter(facts, findings);
  switch (keyring.failure->code()) {
    case Errc::timed_out:
      add_silence(facts, findings);
      return;
    case Errc::no_library:
      add_missing_library(facts, findings);
      return;
    case Errc::bus_refused:
    case Errc::unavailable:
      add_unusable_bus(facts, findings);
      return;
    default:
      findings.push_back({"keyring-failed", Severity::problem,
                          std::string("the keyring fails: ") + keyring.failure->what()});
  }
}

bool is_silent(const KeyringStatus& keyring) {
  return keyring.failure && keyring.failure->code() == Errc::timed_out;
}

bool has_no_keyring(const KeyringStatus& keyring) {
  if (keyring.failure) return is_out_of_reach(keyring.failure->code());
  return keyring.provider.empty() && !keyring.is_activatable;
}

// ---- which of them

bool is_wanted(const DoctorFacts& facts) {
  return !facts.credentials().empty() ||
         std::ranges::any_of(facts.files, [](const LoginFileFacts& file) {
           return file.creds_store == kHelperName || file.holds_credentials();
         });
}

std::string command_for_keyring_setting(const DoctorFacts& facts) {
  if (facts.environment.get(kStoreVariable)) return unset_command(facts, kStoreVariable);
  return json_edit_command(facts.settings_file.path, "store", "keyring", "auto");
}

// ---- what is in them

// Reads the one that counts, and stores it as the only one.
std::string store_again_command(const std::string& server) {
  const std::string asked = shell_command({"printf", "%s", server});
  if (asked.empty()) return "";
  return asked + " | " + kProgram + " get | " + kProgram + " store";
}

void check_stale(StoreId id, const StoreFacts& store, Findings& findings) {
  if (store.stale.empty()) return;
  const std::string list = shell_command({kProgram, "list"});
  findings.push_back({"stale-copies", store.is_unlocked ? Severity::warning : Severity::info,
                      "the " + std::string(id.name()) +
                          " still has logins that were replaced, and never answers with them: " +
                          join(store.stale) +
                          (store.is_unlocked ? "" : "; they are erased when it is unlocked next"),
                      store.is_unlocked ? list : shell_sequence(unlock_command(id), list)});
}

}  // namespace

void check_settings(const DoctorFacts& facts, Findings& findings) {
  const std::string name = facts.settings_file.path.string();
  using Kind = SettingsProblem::Kind;
  for (const auto& problem : facts.settings.problems) {
    switch (problem.kind) {
      case Kind::variable_unusable:
        findings.push_back({"store-variable-unusable", Severity::warning, problem.text,
                            unset_command(facts, kStoreVariable)});
        break;
      case Kind::file_unreadable:
        findings.push_back({"settings-unreadable", Severity::warning, problem.text,
                            access_command(facts.settings_file)});
        break;
      case Kind::file_unusable:
        findings.push_back({"settings-unusable", Severity::warning,
                            problem.text + "; fix it in an editor, or put the file aside",
                            shell_command({"mv", name, name + ".broken"})});
        break;
    }
  }
}

void check_keyring(const DoctorFacts& facts, Findings& findings) {
  check_reach(facts, findings);
  for (const auto& keyring : facts.unprotected_keyrings) {
    findings.push_back({"keyring-unprotected", Severity::problem,
                        keyring.string() + std::string(kKeyringIsUnprotected), "seahorse"});
  }
  if (facts.keyring.is_locked && !facts.keyring.may_ask) {
    findings.push_back({"keyring-locked", Severity::info,
                        "the keyring is locked, and nobody can be asked here; it opens in the "
                        "desktop session"});
  }
  const auto& servers = facts.stores.at(kKeyringId).indexed;
  if (!servers.empty() && has_no_keyring(facts.keyring)) {
    findings.push_back(
        {"keyring-out-of-reach", Severity::warning,
         "these logins are in the keyring, which cannot be reached from here: " + join(servers)});
  }
}

void check_choice(const DoctorFacts& facts, Findings& findings) {
  // One that does not answer is reported already, and may be a good one.
  const bool keyring = facts.keyring.is_usable() || is_silent(facts.keyring);
  const bool vault = facts.vault.file.exists || facts.vault.elsewhere;
  if (!facts.settings.store) {
    if (keyring || vault || facts.home_answers()) return;
    findings.push_back(
        {"no-store", is_wanted(facts) ? Severity::problem : Severity::info,
         std::string("nothing can take a login here: ") +
             (facts.keyring.is_locked ? "the keyring is locked, and nobody can be asked"
                                      : "there is no keyring that can be used") +
             ", and there is no vault",
         create_command(facts)});
    return;
  }
  if (facts.settings.store == kKeyringId && !keyring) {
    findings.push_back({"setting-keyring-unusable", Severity::problem,
                        R"(the setting "store" is "keyring", and no keyring can be used here)",
                        command_for_keyring_setting(facts)});
  }
  if (facts.settings.store == kVaultId && !vault) {
    findings.push_back({"setting-vault-missing", Severity::problem,
                        R"(the setting "store" is "vault", and there is no vault)",
                        create_command(facts)});
  }
}

void check_credentials(const DoctorFacts& facts, Findings& findings) {
  for (const auto& [server, usernames] : facts.keyring.items) {
    if (usernames.size() < 2) continue;
    findings.push_back({"keyring-duplicates", Severity::warning,
                        "the keyring has " + std::to_string(usernames.size()) + " logins for " +
                            server + ", of which the newest counts: " + join(usernames),
                        store_again_command(server)});
  }
  for (const auto& [server, credential] : facts.credentials()) {
    if (credential.stores.size() < 2) continue;
    const std::set in_order(credential.stores.begin(), credential.stores.end());
    findings.push_back(
        {"stored-twice", Severity::warning,
         "both the " + join(in_order, " and the ", &StoreId::name) + " hold a login for " + server,
         store_again_command(server)});
  }
  for (const auto& [id, store] : facts.stores) check_stale(id, store, findings);
}

void check_home(const DoctorFacts& facts, Findings& findings) {
  if (!facts.home || !facts.home->absence) return;
  findings.push_back({"home-absent", Severity::warning,
                      "home does not answer, so nothing that it forwards can be had: " +
                          facts.home->absence->reason});
}

}  // namespace cred
