// SPDX-License-Identifier: MIT
#include "helper/vault/command.h"

#include <algorithm>
#include <array>
#include <optional>

#include "helper/cli/command_line.h"
#include "helper/cli/confirm.h"
#include "helper/cli/report.h"
#include "helper/text/tilde.h"
#include "helper/text/time_text.h"
#include "helper/vault/call.h"
#include "helper/vault/options.h"
#include "helper/vault/report.h"
#include "helper/vault/sharing.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/terminal.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/manager.h"

namespace cred {
namespace {

NewSlot slot_of(const KeyOptions& key) {
  NewSlot slot;
  slot.label = key.label;
  if (!key.key_file.empty()) {
    slot.kind = SlotKind::key_file;
    slot.key_file = key.key_file;
  } else if (!key.clevis.empty()) {
    slot.kind = SlotKind::clevis;
    slot.pin = key.clevis.at(0);
    slot.config = key.clevis.at(1);
  } else if (!key.passphrase && !Terminal::open()) {
    throw Error(Errc::bad_request,
                "there is no terminal to ask for a passphrase at; give --key-file PATH or --clevis "
                "PIN CONFIG");
  }
  return slot;
}

void note_protection(const VaultManager::AddedKey& key, const VaultCall& call) {
  const KeySlot& slot = key.slot;
  if (!key.made.empty()) {
    call.context.err.note("a new random key was written to ", key.made);
  } else if (slot.path) {
    call.context.err.note("its key is that in ", *slot.path);
  }
  if (slot.kind == SlotKind::clevis) {
    const auto caution =
        clevis_caution(call.options.key.clevis.at(0), call.options.key.clevis.at(1));
    if (caution) call.context.err.warn(*caution);
  }
  call.context.err.note("what this key protects against: " + protection_of(slot));
}

// What an option names; nullopt if it was not given.
std::optional<std::filesystem::path> named(const std::string& path) {
  if (path.empty()) return std::nullopt;
  return path;
}

// What is there and can be unlocked is what was wanted; a script may say so each time.
int keep(const VaultCall& call) {
  if (!call.manager.can_be_unlocked(named(call.options.key.key_file))) {
    throw Error(Errc::vault_locked,
                "there is a vault at " + call.manager.name() + ", and it cannot be unlocked here");
  }
  if (call.options.json) {
    print_status_json(call.manager.status(), call.context.document);
  } else {
    call.context.out.line("there is a vault at ", call.manager.name(), "; it was left as it is");
  }
  return exit_done;
}

int create(const VaultCall& call) {
  if (call.options.if_missing && call.manager.exists()) return keep(call);
  std::optional<VaultManager::AddedKey> made;
  try {
    made = call.manager.create(slot_of(call.options.key));
  } catch (const Error& failure) {
    // Another process was quicker.
    const bool is_there = failure.code() == Errc::bad_request && call.manager.exists();
    if (!call.options.if_missing || !is_there) throw;
    return keep(call);
  }
  const VaultManager::AddedKey& key = *made;
  call.context.done("the vault was made");
  if (call.options.json) {
    print_status_json(call.manager.status(), call.context.document);
  } else {
    call.context.out.line("created ", with_tilde(call.manager.name(), call.context.environment),
                          ", unlocked by ", name_of(key.slot.kind), " ", to_hex(key.slot.id));
  }
  note_protection(key, call);
  if (key.slot.kind == SlotKind::passphrase) {
    call.context.err.note(kPassphraseIsAll);
  }
  call.context.err.hint(kProgram, " migrate, unless docker asks it already");
  return exit_done;
}

int unlock(const VaultCall& call) {
  const auto time = parse_duration(call.options.time).value();
  if (!call.manager.unlock(time, named(call.options.unlock_key_file))) {
    call.context.err.hint(
        "give each call a key, as a container can: DOCKER_CREDENTIAL_KEYRING_KEY_FILE=PATH, or "
        "DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND=COMMAND");
    throw Error(Errc::io, "the key is right, and this machine cannot keep the vault unlocked");
  }
  call.context.done("the vault is unlocked");
  call.context.out.line("unlocked for ", call.options.time, "; ", kProgram, " vault lock locks it");
  return exit_done;
}

int lock(const VaultCall& call) {
  call.manager.lock();
  call.context.done("the vault is locked");
  call.context.out.line("locked");
  call.context.look_back([&] {
    if (!call.manager.status().is_unlocked()) return;
    call.context.err.note("its key file unlocks it all the same");
  });
  return exit_done;
}

int describe(const VaultCall& call) {
  const VaultStatus status = call.manager.status();
  if (call.options.quiet) {
    if (!status.exists) return exit_failed;
    return status.is_unlocked() ? exit_done : exit_partial;
  }
  if (call.options.json) {
    print_status_json(status, call.context.document);
  } else {
    print_status(status, call.context.out, call.context.result_width(), call.context.environment);
  }
  return exit_done;
}

int destroy(const VaultCall& call) {
  if (!call.options.yes) {
    confirm("Remove the vault " + call.manager.name() + " with every login in it?",
            "nothing was removed");
  }
  const auto slots = call.manager.destroy();
  call.context.done("the vault was removed");
  call.context.out.line("removed ", call.manager.name());
  for (const auto& slot : slots) {
    if (slot.path) call.context.err.note("its key file is still there: " + *slot.path);
  }
  return exit_done;
}

int list_keys(const VaultCall& call) {
  if (call.options.json) {
    print_slots_json(call.manager.slots(), call.context.document);
  } else {
    print_slots(call.manager.slots(), call.context.out, call.context.result_width(),
                call.context.environment);
  }
  return exit_done;
}

int change_passphrase(const VaultCall& call) {
  const Notes& err = call.context.err;
  const auto changed = call.manager.change_passphrase(call.options.id, call.options.new_data_key);
  call.context.done("the passphrase was changed");
  call.context.out.line("changed the passphrase ", to_hex(changed.slot.id));
  if (!changed.unused.empty()) {
    for (const auto& unused : changed.unused) err.note("not used: the key ", unused);
    err.note(
        "so the data key is the old one: who has an old copy of the vault and the old "
        "passphrase can read later copies as well; to end that, use all keys: ",
        kProgram, " vault passwd --new-data-key");
  }
  if (changed.unlocked_until) {
    err.note("the vault stays unlocked until ", local_time(*changed.unlocked_until));
  }
  return exit_done;
}

int add_key(const VaultCall& call) {
  const auto key = call.manager.add_slot(slot_of(call.options.key));
  call.context.done("the key was added");
  call.context.out.line("added ", name_of(key.slot.kind), " ", to_hex(key.slot.id));
  note_protection(key, call);
  return exit_done;
}

int remove_key(const VaultCall& call) {
  call.manager.remove_slot(call.options.id, call.options.keep_data_key);
  call.context.done("the key was removed");
  call.context.out.line("removed ", call.options.id);
  call.context.look_back([&] {
    if (call.manager.status().is_unlocked()) return;
    call.context.err.note("the vault is locked now");
    call.context.err.hint(kProgram, " vault unlock");
  });
  call.context.err.note(
      call.options.keep_data_key
          ? "an old copy of the vault and the removed key together unlock new copies as well; "
            "without --keep-data-key they do not"
          : "old copies and backups can still be unlocked with the removed key; if it is in wrong "
            "hands, "
            "change the passwords that they hold");
  return exit_done;
}

struct Action {
  VaultAction action;
  int (*run)(const VaultCall& call);
};

constexpr std::array kActions{Action{VaultAction::create, create},
                              Action{VaultAction::unlock, unlock},
                              Action{VaultAction::lock, lock},
                              Action{VaultAction::describe, describe},
                              Action{VaultAction::destroy, destroy},
                              Action{VaultAction::change_passphrase, change_passphrase},
                              Action{VaultAction::list_keys, list_keys},
                              Action{VaultAction::add_key, add_key},
                              Action{VaultAction::remove_key, remove_key},
                              Action{VaultAction::share, share_vault},
                              Action{VaultAction::join, join_vault},
                              Action{VaultAction::sync, sync_vault},
                              Action{VaultAction::leave, leave_vault}};
static_assert(kActions.size() == static_cast<std::size_t>(VaultAction::leave) + 1);

}  // namespace

int vault_command(std::span<const std::string> arguments, const CommandContext& context) {
  VaultOptions options;
  if (const auto answered = parse_command_line(vault_grammar(options), arguments, context)) {
    return *answered;
  }
  const Settings settings = read_settings(context.environment, context.err);
  VaultManager manager(context.environment, settings, context.err);
  return std::ranges::find(kActions, options.action, &Action::action)
      ->run({manager, settings, options, context});
}

}  // namespace cred
