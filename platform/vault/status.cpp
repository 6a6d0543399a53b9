// SPDX-License-Identifier: MIT
#include "platform/vault/status.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/vault/storage/local_storage.h"
#include "platform/vault/unlock/clevis.h"
#include "platform/vault/unlock/key_file.h"

namespace cred {
namespace {

// Its text is a secret, and is not read.
FileStatus inspect_key_file(const std::filesystem::path& path) {
  FileStatus status = inspect_status(path);
  const bool is_closed =
      status.exists && !status.failure && faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) != 0;
  if (is_closed) status.failure = Refusal{why_unseen(path, errno)};
  return status;
}

SlotInspection inspect_slot(const KeySlot& slot, const Settings& settings) {
  SlotInspection inspection;
  inspection.slot = slot;
  if (slot.kind == SlotKind::key_file && slot.path) {
    inspection.key_file = inspect_key_file(*slot.path);
  }
  if (slot.kind == SlotKind::clevis) {
    inspection.missing_program = missing_for_clevis(settings.clevis, slot.pin);
  }
  return inspection;
}

void unlock_quietly(const Settings& settings, VaultManager& manager, VaultInspection& inspection) {
  try {
    inspection.status = manager.status();
    for (const auto& slot : inspection.status.slots) {
      inspection.slots.push_back(inspect_slot(slot, settings));
    }
  } catch (const Error& failure) {
    inspection.failure = Refusal{failure.what()};
    inspection.is_damaged =
        inspection.file.type == FileType::regular && failure.code() == Errc::vault_unsafe;
  }
}

}  // namespace

VaultInspection inspect_vault(const Environment& environment, const Settings& settings) {
  VaultInspection inspection;
  const auto path = local_vault_file(environment);
  inspection.file = inspect_status(path);
  inspection.folder = inspect_status(path.parent_path());
  if (!inspection.file.exists) {
    const ServerIndex index(environment, IndexUse::only_read);
    for (const auto& other : vaults_elsewhere(environment, index)) {
      inspection.elsewhere = other;
      inspection.status.elsewhere = Refusal{why_elsewhere(environment, other)};
    }
  }
  if (const auto named = key_file_of(environment)) {
    inspection.named_key_file = inspect_key_file(*named);
  } else if (!settings.key_file.empty()) {
    inspection.named_key_file = inspect_key_file(settings.key_file);
  }
  VaultManager manager(open_storage(environment, settings, Notes(), FolderUse::leave_as_it_is),
                       environment, settings, Notes());
  inspection.usual_key_file = manager.usual_key_file();
  inspection.status.name = manager.name();
  inspection.status.shared = shared_status(environment, settings);
  if (inspection.file.exists) unlock_quietly(settings, manager, inspection);
  return inspection;
}

}  // namespace cred
