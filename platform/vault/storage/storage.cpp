// SPDX-License-Identifier: MIT
#include "platform/vault/storage/storage.h"

#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/shared_storage.h"

namespace cred {

std::unique_ptr<Storage> open_storage(const Environment& environment, const Settings& settings,
                                      const Notes& notes, FolderUse folder) {
  auto local = open_local_storage(environment, folder);
  if (settings.shared.at.empty() || names_vault(environment)) return local;
  return std::make_unique<SharedStorage>(std::move(local), local_vault_file(environment), settings,
                                         notes);
}

}  // namespace cred
