// SPDX-License-Identifier: MIT
// The vault: whether it is seen and safe, what unlocks it, and the index of what it holds.
#include <algorithm>

#include "helper/cli/hints.h"
#include "helper/doctor/checks.h"
#include "helper/text/shell_words.h"
#include "platform/text/strings.h"
#include "platform/vault/format/format.h"

namespace cred {
namespace {

bool is_only_slot(const VaultInspection& vault) { return vault.slots.size() == 1; }

std::string name_what(const FileStatus& file) {
  return file.failure ? file.failure->reason : file.path.string() + " is no regular file";
}

// Whether who has the vault has its key too.
void check_place_of_key(const VaultInspection& vault, const SlotInspection& slot,
                        Findings& findings) {
  const std::string name = slot.key_file.path.string();
  if (slot.key_file.path.parent_path() == vault.folder.path) {
    findings.push_back(
        {"vault-key-beside", Severity::warning,
         "the key file lies beside the vault, so every copy of the folder can be unlocked: " + name,
         shell_sequence(
             shell_command(
                 {kProgram, "vault", "key", "add", "--key-file", vault.usual_key_file.string()}),
             shell_command({kProgram, "vault", "key", "remove", to_hex(slot.slot.id)}))});
  } else if (slot.key_file.disk == vault.file.disk) {
    findings.push_back({"vault-key-same-disk", Severity::info,
                        "the key file lies on the disk of the vault, so whoever has the disk or a "
                        "full backup has both: " +
                            name});
  }
}

void check_key_file(const DoctorFacts& facts, const SlotInspection& slot, Findings& findings) {
  const VaultInspection& vault = facts.vault;
  const std::string name = slot.key_file.path.string();
  if (!slot.key_file.exists) {
    if (vault.named_key_file) return;  // which may be the same, elsewhere
    findings.push_back(
        {"vault-key-missing", is_only_slot(vault) ? Severity::problem : Severity::info,
         "a key file of the vault is not here: " + name +
             (is_only_slot(vault) ? "; without it nothing unlocks the vault, so put it back"
                                  : "; that is well where it is kept elsewhere, as on a stick")});
    return;
  }
  if (slot.key_file.failure || slot.key_file.type != FileType::regular) {
    findings.push_back({"vault-key-unreadable",
                        is_only_slot(vault) ? Severity::problem : Severity::warning,
                        "the key file of the vault cannot be used: " + name_what(slot.key_file),
                        access_command(slot.key_file)});
    return;
  }
  if (slot.key_file.others_can_read() || slot.key_file.others_can_write()) {
    findings.push_back({"vault-key-open", Severity::problem,
                        "the key file of the vault is open to other users: " + name,
                        chmod_command(facts, "600", slot.key_file)});
  }
  check_place_of_key(vault, slot, findings);
}

// Empty where that installs no package, or where it is not known how one is installed.
std::string install_command(const DoctorFacts& facts, const std::string& program) {
  if (facts.installer.empty() || !facts.settings.clevis.empty()) return "";
  // Debian and its kin have that pin in a package of its own.
  const bool is_apart = facts.installer.starts_with("apt-get") && program == "clevis-decrypt-tpm2";
  return as_root(facts, std::string(facts.installer) + (is_apart ? " clevis-tpm2" : " clevis"));
}

void check_clevis(const DoctorFacts& facts, const SlotInspection& slot, Findings& findings) {
  if (!slot.missing_program) return;
  const bool unlocks_otherwise = !is_only_slot(facts.vault) || facts.vault.status.is_unlocked();
  findings.push_back({"vault-clevis-missing",
                      unlocks_otherwise ? Severity::warning : Severity::problem,
                      "the vault is unlocked by clevis " + slot.slot.pin + ", and " +
                          *slot.missing_program + " is not installed",
                      install_command(facts, *slot.missing_program)});
}

// Which the environment names, as a unit's LoadCredential= does, or the settings.
void check_named_key_file(const VaultInspection& vault, Findings& findings) {
  if (!vault.named_key_file || vault.status.is_unlocked()) return;
  const FileStatus& file = *vault.named_key_file;
  if (file.exists && !file.failure && file.type == FileType::regular) return;
  findings.push_back({"vault-key-unreadable",
                      is_only_slot(vault) ? Severity::problem : Severity::warning,
                      "the key file that is named for the vault cannot be used: " +
                          (file.exists ? name_what(file) : file.path.string() + " is not there"),
                      access_command(file)});
}

void check_slots(const DoctorFacts& facts, Findings& findings) {
  check_named_key_file(facts.vault, findings);
  for (const auto& slot : facts.vault.slots) {
    const bool has_path = slot.slot.kind == SlotKind::key_file && slot.slot.path;
    // In a shared vault it would be another machine's.
    if (has_path && !facts.vault.status.shared) check_key_file(facts, slot, findings);
    check_clevis(facts, slot, findings);
  }
}

// Whether others can get at it: by its folder, by its own mode, or by both.
bool add_open_doors(const DoctorFacts& facts, Findings& findings) {
  constexpr mode_t kOthers = 077;
  const VaultInspection& vault = facts.vault;
  const bool is_folder_open = vault.folder.others_can_write();
  const bool is_open = (vault.file.permissions & kOthers) != 0;
  if (is_folder_open) {
    findings.push_back({"vault-folder-open", Severity::problem,
                        "the vault is not used, because other users can write its folder, " +
                            vault.folder.path.string(),
                        chmod_command(facts, "700", vault.folder)});
  }
  if (is_open) {
    findings.push_back(
        {"vault-open", Severity::problem,
         "the vault is not used, because it is open to other users: " + vault.file.path.string(),
         chmod_command(facts, "600", vault.file)});
  }
  return is_folder_open || is_open;
}

// What makes other commands refuse it, in the order in which they check.
void check_safety(const DoctorFacts& facts, Findings& findings) {
  const VaultInspection& vault = facts.vault;
  const uid_t user = facts.environment.uid;
  const bool is_seen = vault.file.type != FileType::unknown;
  const bool is_folder_foreign =
      vault.folder.type == FileType::folder && vault.folder.owner != user;
  if (is_folder_foreign || (is_seen && vault.file.owner != user)) {
    const FileStatus& foreign = is_folder_foreign ? vault.folder : vault.file;
    findings.push_back(
        {"vault-foreign", Severity::problem,
         "the vault is not used, because this belongs to another user: " + foreign.path.string(),
         access_command(vault.file)});
  } else if (vault.file.failure || vault.file.type != FileType::regular) {
    findings.push_back({"vault-unseen", Severity::problem,
                        "the vault cannot be used: " + name_what(vault.file),
                        access_command(vault.file)});
  } else if (add_open_doors(facts, findings)) {
    return;
  } else if (vault.is_damaged) {
    findings.push_back(
        {"vault-damaged", Severity::problem,
         vault.failure->reason +
             (vault.status.shared ? "; a sync brings it anew"
                                  : "; restore it from a backup, or remove it and log in again"),
         shell_command({kProgram, "vault", vault.status.shared ? "sync" : "destroy"})});
  } else if (vault.failure) {
    findings.push_back({"vault-unseen", Severity::problem, vault.failure->reason});
  }
}

// Its logins are not lost: this environment looks elsewhere for them.
void add_elsewhere(const DoctorFacts& facts, const std::vector<std::string>& servers,
                   Findings& findings) {
  const std::string set = shell_command({facts.vault.elsewhere->string()});
  findings.push_back({"vault-elsewhere", servers.empty() ? Severity::info : Severity::problem,
                      facts.vault.status.elsewhere->reason +
                          (servers.empty() ? "" : "; these logins are in it: " + join(servers)),
                      set.empty() ? "" : "export DOCKER_CREDENTIAL_KEYRING_VAULT=" + set});
}

bool unlocks_by_asking(const VaultInspection& vault) {
  return std::ranges::any_of(
      vault.slots, [](const SlotInspection& slot) { return slot.slot.kind != SlotKind::key_file; });
}

}  // namespace

void check_index(const DoctorFacts& facts, Findings& findings) {
  if (!facts.index_file.failure) return;
  findings.push_back({"index-unreadable", Severity::problem,
                      facts.index_file.failure->reason +
                          "; so it is not known which logins are stored, and nothing new is noted",
                      access_command(facts.index_file)});
}

void check_vault(const DoctorFacts& facts, Findings& findings) {
  const VaultInspection& vault = facts.vault;
  if (!vault.file.exists) {
    if (vault.status.shared) return;  // check_shared.cpp
    auto servers = facts.stores.at(kVaultId).indexed;
    const auto& stale = facts.stores.at(kVaultId).stale;
    servers.insert(servers.end(), stale.begin(), stale.end());
    if (vault.elsewhere) return add_elsewhere(facts, servers, findings);
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

}  // namespace cred
