// SPDX-License-Identifier: MIT
#include "helper/migrate/missing_store.h"

#include "platform/system/error.h"
#include "platform/system/terminal.h"
#include "platform/vault/manager.h"

namespace cred {

Lack lack_of(const MigrationPlan& plan, bool for_everybody, Store& store) {
  if (!store.obstacle()) return Lack::nothing;
  if (!plan.credentials.empty()) return Lack::store_for_logins;
  return for_everybody || store.exists() ? Lack::nothing : Lack::store_to_ask;
}

std::string why_no_store(Store& store) {
  const auto obstacle = store.obstacle();
  return (obstacle ? obstacle->reason + "; " : "") +
         "an encrypted vault needs no keyring: " + std::string(kProgram) + " vault create";
}

bool offer_vault(const Settings& settings, const CommandContext& context) {
  VaultManager manager(context.environment, settings, context.err);
  const auto terminal = Terminal::open();
  if (!terminal || manager.exists() || settings.store == kKeyringId) return false;
  if (manager.status().elsewhere) return false;
  terminal->say(
      "There is no keyring to be used here, so the logins go into an encrypted vault. Its key is\n"
      "  1  a passphrase: asked for now and then; it protects copies, backups and a stolen disk\n"
      "  2  a key file: never asked for; it protects copies of the vault, but not who has the "
      "disk");
  NewSlot slot;
  const auto answer = terminal->ask_line("1 or 2 [1]: ");
  if (answer == "2") {
    slot.kind = SlotKind::key_file;
    slot.key_file = manager.usual_key_file();
  } else if (answer != "" && answer != "1") {
    throw Error(Errc::bad_request, "neither 1 nor 2 was chosen; nothing was changed");
  }
  const KeySlot made = manager.create(slot).slot;
  if (made.path) terminal->say("Its key is in " + *made.path + '.');
  if (made.kind == SlotKind::passphrase) context.err.note(kPassphraseIsAll);
  return true;
}

}  // namespace cred
