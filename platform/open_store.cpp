// SPDX-License-Identifier: MIT
#include "platform/open_store.h"

#include "platform/keyring_store.h"
#include "platform/store_choice.h"
#include "platform/vault_store.h"

namespace cred {

std::unique_ptr<Store> open_store(const Environment& environment, const Settings& settings,
                                  std::ostream& notes) {
  const auto index = std::make_shared<ServerIndex>(index_file(environment));
  return choose_store(settings.store, open_keyring_store(environment, settings, index, notes),
                      open_vault_store(environment, settings, index, notes), index, notes);
}

}  // namespace cred
