// SPDX-License-Identifier: MIT
// What of an Unlocker may ask a person: what unlocker.h says of it.
#include <unistd.h>

#include "platform/system/error.h"
#include "platform/system/prompt_lock.h"
#include "platform/system/terminal.h"
#include "platform/text/wait_note.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/unlock/key_command.h"
#include "platform/vault/unlock/key_file.h"
#include "platform/vault/unlock/unlocker.h"

namespace cred {
namespace {

constexpr int kTries = 3;                        // of a passphrase
constexpr std::chrono::seconds kUnsealWait(45);  // for another process that unseals
constexpr std::chrono::seconds kPromptSlack(10);

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

// One process at a time asks or unseals; those that waited find the vault unlocked, or refused.
LockedBytes Unlocker::by_asking(const VaultHeader& header, std::chrono::seconds time,
                                bool is_called_for) {
  const bool may_ask = has_slot(header, SlotKind::passphrase) &&
                       (is_called_for || settings_.prompt != Prompting::never);
  auto asked = may_ask ? terminal() : std::nullopt;
  const bool has_command =
      has_slot(header, SlotKind::key_file) && key_command_of(environment_, settings_);
  if (!asked && !has_command && !may_use_clevis(header) && !has_sealed_key_file(header)) {
    throw_locked(header);
  }
  const auto wait = asked ? settings_.prompt_timeout + kPromptSlack : kUnsealWait;
  PromptLock alone = lock_prompt(wait);
  if (!is_called_for) {
    if (auto kept = kept_unlocked(header)) return std::move(kept->data_key);
  }
  auto data_key = by_key_command(header);
  if (!data_key) data_key = by_sealed_key_files(header);
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
      if (named) found = proven(unsealed_key_in(*named));
      if (!found && command) found = proven(key_by_command(*command));
      if (!found && !settings_.key_file.empty()) {
        found = proven(unsealed_key_in(settings_.key_file));
      }
      if (!found && slot.path && !storage_.is_shared()) {
        found = proven(unsealed_key_in(*slot.path));
      }
      break;
    }
    case SlotKind::clevis:
      found = proven(unsealed(slot.pin, slot.sealed));
      break;
  }
  if (!found) throw Error(Errc::wrong_key, "what was given does not unlock the vault");
  return std::move(*found);
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

std::optional<Terminal> Unlocker::terminal() const {
  return settings_.is_inside ? std::nullopt : Terminal::open();
}

LockedBytes Unlocker::ask(PromptLock& lock, Terminal& terminal, const VaultHeader& header,
                          bool is_called_for) const {
  if (!is_called_for && lock.was_refused()) {
    throw Error(Errc::vault_refused, "the vault's passphrase was asked for and not given");
  }
  const auto refused = [&] { lock.record_refusal(); };
  if (!settings_.asked_for.empty()) terminal.say(settings_.asked_for + '\n');
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

}  // namespace cred
