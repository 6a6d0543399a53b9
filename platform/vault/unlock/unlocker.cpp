// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/unlocker.h"

#include <algorithm>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/terminal.h"
#include "platform/text/wait_note.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/unlock/clevis.h"
#include "platform/vault/unlock/key_command.h"
#include "platform/vault/unlock/key_file.h"

namespace cred {
namespace {

// Where nothing can be locked, or others hold it for long, it goes without.
Storage::Hold hold_if_possible(Storage& storage) {
  try {
    return storage.hold();
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

std::optional<LockedBytes> Unlocker::try_slot(const KeySlot& slot, const VaultHeader& header,
                                              Bytes material) {
  auto data_key = unwrap_data_key(slot, header.id, slot_key(slot, material));
  if (data_key && !is_key_of(*data_key, header)) return std::nullopt;
  return data_key;
}

bool Unlocker::may_unlock(const VaultHeader& header) {
  return quietly(header) || may_use_clevis(header) || has_sealed_key_file(header) ||
         (has_slot(header, SlotKind::key_file) && key_command_of(environment_, settings_)) ||
         (has_slot(header, SlotKind::passphrase) && settings_.prompt != Prompting::never &&
          terminal());
}

std::optional<LockedBytes> Unlocker::quietly(const VaultHeader& header) {
  if (auto kept = kept_unlocked(header)) return std::move(kept->data_key);
  return by_key_files(header);
}

std::optional<LockedBytes> Unlocker::by_key_files(const VaultHeader& header) {
  if (!has_slot(header, SlotKind::key_file)) return std::nullopt;
  const auto try_file = [&](const std::filesystem::path& file) -> std::optional<LockedBytes> {
    try {
      const LockedBytes key = key_in(file);
      auto data_key = by_material(header, key.bytes());
      if (!data_key && !looks_sealed(key.bytes()))
        failures_ += "; the key file " + file.string() + " opens none of this vault's keys";
      return data_key;
    } catch (const Error& failure) {
      failures_ += std::string("; ") + failure.what();
      return std::nullopt;
    }
  };
  failures_.clear();
  for (const auto& file : key_files(header)) {
    if (auto data_key = try_file(file)) return data_key;
  }
  return std::nullopt;
}

// The first that fits counts. The path in a slot was written by whoever could write a shared vault.
std::vector<std::filesystem::path> Unlocker::key_files(const VaultHeader& header) const {
  std::vector<std::filesystem::path> files;
  if (!has_slot(header, SlotKind::key_file)) return files;
  if (const auto named = key_file_of(environment_)) files.push_back(*named);
  if (!settings_.key_file.empty()) files.push_back(settings_.key_file);
  for (const auto& slot : header.slots) {
    const bool is_known = slot.kind == SlotKind::key_file && slot.path;
    if (is_known && slot.path->starts_with('/') && !storage_.is_shared()) {
      files.emplace_back(*slot.path);
    }
  }
  return files;
}

std::optional<LockedBytes> Unlocker::by_own_key(const VaultHeader& header) {
  if (auto data_key = quietly(header)) return data_key;
  if (auto data_key = by_key_command(header)) return data_key;
  return by_sealed_key_files(header);
}

LockedBytes Unlocker::key_in(const std::filesystem::path& file) const {
  return read_key_file(file, environment_, notes_);
}

bool Unlocker::has_sealed_key_file(const VaultHeader& header) const {
  return std::ranges::any_of(key_files(header), [&](const auto& file) {
    try {
      return looks_sealed(key_in(file).bytes());
    } catch (const Error&) {
      return false;
    }
  });
}

std::optional<LockedBytes> Unlocker::by_sealed_key_files(const VaultHeader& header) {
  for (const auto& file : key_files(header)) {
    try {
      const LockedBytes key = key_in(file);
      if (!looks_sealed(key.bytes())) continue;
      if (auto data_key = by_material(header, unsealed_key(key, file).bytes())) return data_key;
      failures_ += "; what clevis unsealed of " + file.string() + " is the key of another vault";
    } catch (const Error& failure) {
      failures_ += "; the key file " + file.string() + ": " + failure.what();
    }
  }
  return std::nullopt;
}

bool Unlocker::may_use_clevis(const VaultHeader& header) const {
  return has_slot(header, SlotKind::clevis) && !storage_.is_shared();
}

std::optional<LockedBytes> Unlocker::by_material(const VaultHeader& header, Bytes material) {
  for (const auto& slot : header.slots) {
    if (slot.kind != SlotKind::key_file) continue;
    if (auto data_key = try_slot(slot, header, material)) return data_key;
  }
  return std::nullopt;
}

std::optional<UnlockedVault> Unlocker::kept_unlocked(const VaultHeader& header) {
  const auto folder = storage_.beside();
  if (!folder) return std::nullopt;
  auto kept = VaultTickets(folder->get(), header.id).find();
  if (kept && !is_key_of(kept->data_key, header)) return std::nullopt;  // from before a new key
  return kept;
}

std::optional<std::uint64_t> Unlocker::unlocked_elsewhere_until(const VaultHeader& header) {
  const auto folder = storage_.beside();
  if (!folder) return std::nullopt;
  return VaultTickets(folder->get(), header.id).elsewhere_until();
}

void Unlocker::keep_unlocked(const VaultHeader& header, const LockedBytes& data_key,
                             std::chrono::seconds time) {
  if (const auto folder = storage_.beside()) {
    // Beside another one, or while the vault is locked, a ticket without a key would be left.
    const auto hold = hold_if_possible(storage_);
    is_kept_ = VaultTickets(folder->get(), header.id).issue(data_key, time, notes_);
  }
}

LockedBytes Unlocker::unsealed(std::string_view pin, std::string_view sealed) {
  const WaitNote waiting(notes_,
                         "waiting for clevis, which unseals the key by " + std::string(pin));
  return clevis_unseal(environment_, settings_.clevis, pin, sealed);
}

LockedBytes Unlocker::unsealed_key_in(const std::filesystem::path& file) {
  LockedBytes key = key_in(file);
  return looks_sealed(key.bytes()) ? unsealed_key(key, file) : std::move(key);
}

LockedBytes Unlocker::unsealed_key(const LockedBytes& sealed, const std::filesystem::path& file) {
  const auto text = as_text(sealed.bytes());
  return checked_key(unsealed(pin_of(text), text), "what clevis unsealed of " + file.string());
}

LockedBytes Unlocker::key_by_command(const std::string& command) const {
  const WaitNote waiting(notes_, "waiting for the key command");
  return run_key_command(command, environment_);
}

std::optional<LockedBytes> Unlocker::by_key_command(const VaultHeader& header) {
  const auto command = key_command_of(environment_, settings_);
  if (!command || !has_slot(header, SlotKind::key_file)) return std::nullopt;
  try {
    auto data_key = by_material(header, key_by_command(*command).bytes());
    if (!data_key) failures_ += "; the key command prints the key of another vault";
    return data_key;
  } catch (const Error& failure) {
    failures_ += std::string("; ") + failure.what();
    return std::nullopt;
  }
}

std::optional<LockedBytes> Unlocker::by_clevis(const VaultHeader& header) {
  // A fleet's vault has a key slot for each machine: this one's is tried first.
  const std::string here = new_slot(SlotKind::clevis).label;
  std::vector<const KeySlot*> slots;
  if (!may_use_clevis(header)) return std::nullopt;
  for (const auto& slot : header.slots) {
    if (slot.kind == SlotKind::clevis) slots.push_back(&slot);
  }
  std::stable_partition(slots.begin(), slots.end(),
                        [&](const KeySlot* slot) { return slot->label == here; });
  for (const auto* slot : slots) {
    try {
      if (auto data_key = try_slot(*slot, header, unsealed(slot->pin, slot->sealed).bytes()))
        return data_key;
      failures_ += "; what clevis " + slot->pin + " unsealed does not unlock it";
    } catch (const Error& failure) {
      failures_ += "; " + slot->pin + ": " + failure.what();
    }
  }
  return std::nullopt;
}

void Unlocker::throw_locked(const VaultHeader& header) {
  const std::string vault = "the vault " + storage_.name();
  if (has_slot(header, SlotKind::passphrase)) {
    throw Error(Errc::vault_locked,
                vault + " is locked, and nobody can be asked for its passphrase here" + failures_);
  }
  const bool sealed = may_use_clevis(header) || has_sealed_key_file(header);
  const bool has_command = key_command_of(environment_, settings_).has_value();
  const Errc without = has_command ? Errc::key_command_failed : Errc::wrong_key;
  throw Error(sealed ? Errc::not_unsealed : without,
              vault + " cannot be unlocked here" +
                  (failures_.empty() ? "; its key file is nowhere to be found" : failures_));
}

}  // namespace cred
