// SPDX-License-Identifier: MIT
// The keyring, the vault, which of them is to be used, and what is in them.
#include <algorithm>
#include <set>
#include <string_view>

#include "helper/cli/hints.h"
#include "helper/doctor/checks.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"
#include "platform/text/strings.h"
#include "platform/vault/format.h"

namespace cred {
namespace {

constexpr std::string_view kBusVariable = "DBUS_SESSION_BUS_ADDRESS";
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
  findings.push_back(
      {"module-unusable", needed ? Severity::problem : Severity::info,
       std::string(facts.keyring.failure->what()) + "; " + std::string(hint_for(Errc::no_library)),
       facts.vault.file.exists ? "" : create_command(facts)});
}

// Without its library a keyring that is unlocked works all the same.
void check_prompter(const DoctorFacts& facts, Findings& findings) {
  const auto& failure = facts.keyring.prompter_failure;
  if (!failure) return;
  findings.push_back({"asker-missing", Severity::warning,
                      *failure + ", so nobody can be asked to unlock the keyring; " +
                          std::string(hint_for(Errc::no_library))});
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
    case Errc::unavailable:
      if (!facts.environment.get(kBusVariable)) return;  // no bus is nothing that ails
      findings.push_back(
          {"bus-unusable", Severity::warning,
           std::string(kBusVariable) + " leads to no bus of this user: " + keyring.failure->what(),
           unset_command(facts, kBusVariable)});
      return;
    default:
      findings.push_back({"keyring-failed", Severity::problem,
                          std::string("the keyring fails: ") + keyring.failure->what()});
  }
}

bool is_silent(const KeyringStatus& keyring) {
  return keyring.failure && keyring.failure->code() == Errc::timed_out;
}

bool is_out_of_reach(const KeyringStatus& keyring) {
  if (keyring.failure) return keyring.failure->code() == Errc::unavailable;
  return keyring.provider.empty() && !keyring.is_activatable;
}

// ---- the vault

bool is_only_slot(const VaultInspection& vault) { return vault.slots.size() == 1; }

void check_key_file(const DoctorFacts& facts, const SlotInspection& slot, Findings& findings) {
  const VaultInspection& vault = facts.vault;
  const std::string name = slot.key_file.path.string();
  const std::string id = to_hex(slot.slot.id);
  if (!slot.key_file.exists) {
    if (vault.named_key_file) return;  // which may be the same, elsewhere
    findings.push_back(
        {"vault-key-missing", is_only_slot(vault) ? Severity::problem : Severity::warning,
         "a key file of the vault is gone: " + name +
             (is_only_slot(vault) ? "; without it nothing unlocks the vault, so put it back"
                                  : "; put it back, or remove this key"),
         is_only_slot(vault)
             ? ""
             : shell_command({kProgram, "vault", "key", "remove", "--keep-data-key", id})});
    return;
  }
  if (slot.key_file.others_can_read() || slot.key_file.others_can_write()) {
    findings.push_back({"vault-key-open", Severity::problem,
                        "the key file of the vault is open to other users: " + name,
                        chmod_command("600", slot.key_file.path)});
  }
  if (slot.key_file.path.parent_path() == vault.folder.path) {
    findings.push_back(
        {"vault-key-beside", Severity::warning,
         "the key file lies beside the vault, so every copy of the folder can be unlocked: " + name,
         shell_sequence(shell_command({kProgram, "vault", "key", "add", "--key-file",
                                       vault.usual_key_file.string()}),
                        shell_command({kProgram, "vault", "key", "remove", id}))});
  } else if (slot.key_file.disk == vault.file.disk) {
    findings.push_back({"vault-key-same-disk", Severity::info,
                        "the key file lies on the disk of the vault, so whoever has the disk or a "
                        "full backup has both: " +
                            name});
  }
}

void check_clevis(const DoctorFacts& facts, const SlotInspection& slot, Findings& findings) {
  if (!slot.missing_program) return;
  const bool unlocks_otherwise = !is_only_slot(facts.vault) || facts.vault.status.is_unlocked();
  const std::string package =
      slot.missing_program == "clevis-decrypt-tpm2" ? "clevis-tpm2" : "clevis";
  findings.push_back({"vault-clevis-missing",
                      unlocks_otherwise ? Severity::warning : Severity::problem,
                      "the vault is unlocked by clevis " + slot.slot.pin + ", and " +
                          *slot.missing_program + " is not installed",
                      facts.settings.clevis.empty()
                          ? as_root(facts, shell_command({"apt-get", "install", package}))
                          : ""});
}

void check_slots(const DoctorFacts& facts, Findings& findings) {
  for (const auto& slot : facts.vault.slots) {
    if (slot.slot.kind == SlotKind::key_file && slot.slot.path)
      check_key_file(facts, slot, findings);
    check_clevis(facts, slot, findings);
  }
}

// What makes other commands refuse it, in the order in which they check.
void check_safety(const DoctorFacts& facts, Findings& findings) {
  constexpr mode_t kOthers = 077;
  const VaultInspection& vault = facts.vault;
  const uid_t user = facts.environment.uid;
  const std::string name = vault.file.path.string();
  if (vault.folder.owner != user || vault.file.owner != user) {
    const FileStatus& foreign = vault.folder.owner != user ? vault.folder : vault.file;
    findings.push_back(
        {"vault-foreign", Severity::problem,
         "the vault is not used, because this belongs to another user: " + foreign.path.string(),
         chown_command(facts, foreign.path)});
  } else if (vault.folder.others_can_write()) {
    findings.push_back({"vault-folder-open", Severity::problem,
                        "the vault is not used, because other users can write its folder, " +
                            vault.folder.path.string(),
                        chmod_command("700", vault.folder.path)});
  } else if ((vault.file.permissions & kOthers) != 0) {
    findings.push_back({"vault-open", Severity::problem,
                        "the vault is not used, because it is open to other users: " + name,
                        chmod_command("600", vault.file.path)});
  } else if (vault.failure) {
    findings.push_back(
        {"vault-damaged", Severity::problem,
         vault.failure->reason + "; restore it from a backup, or remove it and log in again",
         shell_command({kProgram, "vault", "destroy"})});
  }
}

bool unlocks_by_asking(const VaultInspection& vault) {
  return std::ranges::any_of(
      vault.slots, [](const SlotInspection& slot) { return slot.slot.kind != SlotKind::key_file; });
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
                            chmod_command("600", facts.settings_file.path)});
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
  if (!servers.empty() && is_out_of_reach(facts.keyring)) {
    findings.push_back(
        {"keyring-out-of-reach", Severity::warning,
         "these logins are in the keyring, which cannot be reached from here: " + join(servers)});
  }
}

void check_vault(const DoctorFacts& facts, Findings& findings) {
  const VaultInspection& vault = facts.vault;
  if (!vault.file.exists) {
    auto servers = facts.stores.at(kVaultId).indexed;
    const auto& stale = facts.stores.at(kVaultId).stale;
    servers.insert(servers.end(), stale.begin(), stale.end());
    if (servers.empty()) return;
    findings.push_back({"vault-gone", Severity::problem,
                        "these logins were in the vault, which is gone: " + join(servers) +
                            "; put it back from a backup, or forget them and log in again",
                        shell_command({kProgram, "vault", "destroy", "--yes"})});
    return;
  }
  check_safety(facts, findings);
  check_slots(facts, findings);
  if (!vault.failure && !vault.status.is_unlocked() && unlocks_by_asking(vault)) {
    findings.push_back(
        {"vault-locked", Severity::info, "the vault is locked", unlock_command(kVaultId)});
  }
}

void check_choice(const DoctorFacts& facts, Findings& findings) {
  // One that does not answer is reported already, and may be a good one.
  const bool keyring = facts.keyring.is_usable() || is_silent(facts.keyring);
  const bool vault = facts.vault.file.exists;
  if (!facts.settings.store) {
    if (keyring || vault) return;
    findings.push_back({"no-store", is_wanted(facts) ? Severity::problem : Severity::info,
                        "nothing can take a login here: there is no keyring that can be used, "
                        "and no vault",
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

}  // namespace cred
