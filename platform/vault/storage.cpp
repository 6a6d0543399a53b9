// SPDX-License-Identifier: MIT
#include "platform/vault/storage.h"

#include "platform/vault/local_storage.h"

namespace cred {

std::unique_ptr<Storage> open_storage(const Environment& environment, StorageUse use) {
  // A folder that the user names may be anybody's, as /etc or /dev: it is left as it is.
  const bool own =
      !environment.get("DOCKER_CREDENTIAL_KEYRING_VAULT") && use == StorageUse::ordinary;
  return std::make_unique<LocalStorage>(local_vault_file(environment),
                                        own ? FolderUse::own : FolderUse::leave_as_it_is);
}

}  // namespace cred
