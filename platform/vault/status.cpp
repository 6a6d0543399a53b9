// SPDX-License-Identifier: MIT
#include "platform/vault/status.h"

#include "platform/store/server_index.h"
#include "platform/system/error.h"
#include "platform/vault/clevis.h"
#include "platform/vault/key_file.h"
#include "platform/vault/store.h"

namespace cred {
namespace {

SlotInspection inspect_slot(const KeySlot& slot, const Settings& settings) {
  SlotInspection look;
  look.slot = slot;
  if (slot.kind == SlotKind::key_file && slot.path) look.key_file = inspect_status(*slot.path);
  if (slot.kind == SlotKind::clevis) {
    look.missing_program = missing_for_clevis(settings.clevis, slot.pin);
  }
  return look;
}

void look_into(const Environment& environment, const Settings& settings, VaultInspection& look) {
  try {
    VaultManager manager(environment, settings, Notes());
    look.status = manager.status();
    for (const auto& slot : look.status.slots) look.slots.push_back(inspect_slot(slot, settings));
    if (!look.status.is_unlocked) return;
    const auto index = std::make_shared<ServerIndex>(index_file(environment), IndexUse::only_read);
    look.usernames = open_vault_store(environment, settings, index, Notes())->list();
  } catch (const Error& failure) {
    look.failure = failure.what();
  }
}

}  // namespace

VaultInspection inspect_vault(const Environment& environment, const Settings& settings) {
  VaultInspection look;
  const VaultManager manager(environment, settings, Notes());
  const auto& path = manager.path();
  look.usual_key_file = manager.usual_key_file();
  look.file = inspect_status(path);
  look.folder = inspect_status(path.parent_path());
  look.named_key_file = key_file_of(environment);
  look.status.path = path;
  if (!look.file.exists) return look;
  // Of a vault that is named by its path the folder is not ours to close, so it stays as it is.
  Environment looking = environment;
  looking.variables["DOCKER_CREDENTIAL_KEYRING_VAULT"] = path;
  look_into(looking, settings, look);
  return look;
}

}  // namespace cred
