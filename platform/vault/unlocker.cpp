// SPDX-License-Identifier: MIT
#include "platform/vault/unlocker.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/prompt_lock.h"
#include "platform/system/terminal.h"
#include "platform/text/wait_note.h"
#include "platform/vault/clevis.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/key_command.h"
#include "platform/vault/key_file.h"

namespace cred {
namespace {

constexpr int kTries = 3;                        // of a passphrase
constexpr std::chrono::seconds kUnsealWait(45);  // for another process that unseals
constexpr std::chrono::seconds kPromptSlack(10);

bool has_slot(const VaultHeader& header, SlotKind kind) {
  return std::ranges::find(header.slots, kind, &KeySlot::kind) != header.slots.end();
}

// Where nothing can be locked, or others hold it for long, it goes without.
Storage::Hold hold_if_possible(Storage& storage) {
  try {
    return storage.hold();
  } catch (const Error&) {
    return nullptr;
  }
}

// nullopt if `material` is not that of `slot`.
std::optional<LockedBytes> try_slot(const KeySlot& slot, const VaultHeader& header,
                                    Bytes material) {
  auto data_key = unwrap_data_key(slot, header.id, slot_key(slot, material));
  if (data_key && !is_key_of(*data_key, header)) return std::nullopt;
  return data_key;
}

// One answer of the user. Whoever gives none is taken at their word: `refused` is called, and the
// answer is an error.
template <typename Refused = void (*)()>
LockedBytes ask_once(
    Terminal& terminal, const std::string& what, const Settings& settings,
    const Refused& refused = [] {}) {
  auto answer =
      terminal.ask_secret(std::string(kProgram) + ": " + what + ": ",
                          std::chrono::ceil<std::chrono::seconds>(settings.prompt_timeout));
  if (answer.given && answer.text.size() > 0) return std::move(answer.text);
  refused();
  if (answer.signal != 0) die_of(answer.signal);
  throw Error(Errc::vault_refused, answer.timed_out
                                       ? "nobody gave the vault's passphrase in time"
                                       : "the vault's passphrase was asked for and not given");
}

}  // namespace

bool Unlocker::may_unlock(const VaultHeader& header) {
  return quietly(header) || has_slot(header, SlotKind::clevis) ||
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
      auto data_key = by_material(header, read_key_file(file, environment_, notes_).bytes());
      if (!data_key) failures_ += "; the key file " + file.string() + " is another vault's";
      return data_key;
    } catch (const Error& failure) {
      failures_ += std::string("; ") + failure.what();
      return std::nullopt;
    }
  };
  failures_.clear();
  if (const auto named = key_file_of(environment_)) {
    if (auto data_key = try_file(*named)) return data_key;
  }
  for (const auto& slot : header.slots) {
    if (slot.kind != SlotKind::key_file || !slot.path || !slot.path->starts_with('/')) continue;
    if (auto data_key = try_file(*slot.path)) return data_key;
  }
  return std::nullopt;
}

std::optional<LockedBytes> Unlocker::by_material(const VaultHeader& header, Bytes material) {
  for (const auto& slot : header.slots) {
    if (slot.kind != SlotKind::key_file) continue;
    if (auto data_key = try_slot(slot, header, material)) return data_key;
  }
  return std::nullopt;
}

// One process at a time asks or unseals; those that waited find the vault unlocked, or refused.
LockedBytes Unlocker::by_asking(const VaultHeader& header, std::chrono::seconds time,
                                bool is_called_for) {
  const bool may_ask = has_slot(header, SlotKind::passphrase) &&
                       (is_called_for || settings_.prompt != Prompting::never);
  auto asked = may_ask ? terminal() : std::nullopt;
  const bool has_command =
      has_slot(header, SlotKind::key_file) && key_command_of(environment_, settings_);
  if (!asked && !has_command && !has_slot(header, SlotKind::clevis)) throw_locked(header);
  const auto wait = asked ? settings_.prompt_timeout + kPromptSlack : kUnsealWait;
  PromptLock alone = lock_prompt(wait);
  if (!is_called_for) {
    if (auto kept = kept_unlocked(header)) return std::move(kept->data_key);
  }
  auto data_key = by_key_command(header);
  if (!data_key) data_key = by_clevis(header);
  if (!data_key) {
    if (!asked) throw_locked(header);
    data_key = ask(alone, *asked, header, is_called_for);
  }
  keep_unlocked(header, *data_key, time);
  return std::move(*data_key);
}

LockedBytes Unlocker::material_of(const KeySlot& slot, const VaultHeader& header,
                                  const std::string& asked_for) {
  const auto proven = [&](LockedBytes material) -> std::optional<LockedBytes> {
    if (!try_slot(slot, header, material.bytes())) return std::nullopt;
    return material;
  };
  std::optional<LockedBytes> found;
  switch (slot.kind) {
    case SlotKind::passphrase: {
      auto asked = terminal();
      if (!asked) throw Error(Errc::vault_locked, "there is no terminal to ask at");
      for (int i = 0; i < kTries && !found; ++i) {
        found = proven(ask_once(*asked, asked_for, settings_));
      }
      break;
    }
    case SlotKind::key_file: {
      const auto named = key_file_of(environment_);
      const auto command = key_command_of(environment_, settings_);
      if (named) found = proven(read_key_file(*named, environment_, notes_));
      if (!found && command) found = proven(key_by_command(*command));
      if (!found && slot.path) found = proven(read_key_file(*slot.path, environment_, notes_));
      break;
    }
    case SlotKind::clevis:
      found = proven(unsealed(slot));
      break;
  }
  if (!found) throw Error(Errc::wrong_key, "what was given does not unlock the vault");
  return std::move(*found);
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

LockedBytes Unlocker::ask_new_passphrase(const std::string& outcome) const {
  auto asked = terminal();
  if (!asked) {
    throw Error(
        Errc::vault_locked,
        "there is no terminal to ask for a passphrase at; --key-file and --clevis need none");
  }
  const auto ask = [&](const std::string& what) {
    try {
      return ask_once(*asked, what, settings_);
    } catch (const Error& failure) {
      if (failure.code() != Errc::vault_refused) throw;
      throw Error(Errc::bad_request, "no passphrase was given, so " + outcome);
    }
  };
  for (int i = 0; i < kTries; ++i) {
    LockedBytes first = ask("new passphrase for the vault " + storage_.name());
    const LockedBytes second = ask("repeat the passphrase");
    if (same_bytes(first.bytes(), second.bytes())) return first;
    asked->say("These were not the same.");
  }
  throw Error(Errc::bad_request, "no passphrase was given twice alike, so " + outcome);
}

LockedBytes Unlocker::unsealed(const KeySlot& slot) {
  const WaitNote waiting(notes_, "waiting for clevis, which unseals the key by " + slot.pin);
  return clevis_unseal(environment_, settings_.clevis, slot.pin, slot.sealed);
}

std::optional<Terminal> Unlocker::terminal() const {
  return settings_.is_inside ? std::nullopt : Terminal::open();
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
  for (const auto& slot : header.slots) {
    if (slot.kind == SlotKind::clevis) slots.push_back(&slot);
  }
  std::stable_partition(slots.begin(), slots.end(),
                        [&](const KeySlot* slot) { return slot->label == here; });
  for (const auto* slot : slots) {
    try {
      if (auto data_key = try_slot(*slot, header, unsealed(*slot).bytes())) return data_key;
      failures_ += "; what clevis " + slot->pin + " unsealed does not unlock it";
    } catch (const Error& failure) {
      failures_ += "; " + slot->pin + ": " + failure.what();
    }
  }
  return std::nullopt;
}

LockedBytes Unlocker::ask(PromptLock& lock, Terminal& terminal, const VaultHeader& header,
                          bool is_called_for) const {
  if (!is_called_for && lock.was_refused()) {
    throw Error(Errc::vault_refused, "the vault's passphrase was asked for and not given");
  }
  const auto refused = [&] { lock.record_refusal(); };
  try {
    return ask_passphrase(terminal, header, "", refused).data_key;
  } catch (const Error& failure) {
    if (failure.code() == Errc::wrong_passphrase) refused();
    throw;
  }
}

Unlocker::Opened Unlocker::by_passphrase(const VaultHeader& header, const std::string& id) {
  if (!has_slot(header, SlotKind::passphrase)) {
    throw Error(Errc::bad_request, "the vault " + storage_.name() + " has no passphrase");
  }
  auto asked = terminal();
  if (!asked) throw_locked(header);
  return ask_passphrase(*asked, header, id, [] {});
}

Unlocker::Opened Unlocker::ask_passphrase(Terminal& terminal, const VaultHeader& header,
                                          const std::string& id,
                                          const std::function<void()>& refused) const {
  const std::string what =
      "passphrase for the vault " + storage_.name() + (id.empty() ? "" : ", key " + id);
  for (int i = 0; i < kTries; ++i) {
    const LockedBytes passphrase = ask_once(terminal, what, settings_, refused);
    const WaitNote checking(notes_, "checking the passphrase, which is made to take a while");
    std::size_t tried = 0;
    for (const auto& slot : header.slots) {
      if (slot.kind != SlotKind::passphrase || (!id.empty() && to_hex(slot.id) != id)) continue;
      if (++tried > kMostPassphrases) break;
      if (auto data_key = try_slot(slot, header, passphrase.bytes())) {
        return {slot, std::move(*data_key)};
      }
    }
    terminal.say("This does not unlock it.");
  }
  throw Error(Errc::wrong_passphrase, "three passphrases were given, and none unlocks the vault");
}

PromptLock Unlocker::lock_prompt(std::chrono::milliseconds limit) {
  const std::string busy_with = "unlocking the vault";
  const auto folder = storage_.beside();
  const auto instead = runtime_file(environment_.runtime_folder(), "prompt.lock");
  if (folder && faccessat(folder->get(), ".", W_OK, 0) == 0) {
    return {LockPlace{.file = "prompt.lock",
                      .folder = folder->get(),
                      .whole = "prompt.lock beside " + storage_.name(),
                      .instead = instead},
            limit, busy_with};
  }
  return {instead, limit, busy_with};
}

void Unlocker::throw_locked(const VaultHeader& header) {
  const std::string vault = "the vault " + storage_.name();
  if (has_slot(header, SlotKind::passphrase)) {
    throw Error(Errc::vault_locked,
                vault + " is locked, and nobody can be asked for its passphrase here" + failures_);
  }
  const bool sealed = has_slot(header, SlotKind::clevis);
  const bool has_command = key_command_of(environment_, settings_).has_value();
  const Errc without = has_command ? Errc::key_command_failed : Errc::wrong_key;
  throw Error(sealed ? Errc::not_unsealed : without,
              vault + " cannot be unlocked here" +
                  (failures_.empty() ? "; its key file is nowhere to be found" : failures_));
}

}  // namespace cred
