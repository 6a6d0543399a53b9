// SPDX-License-Identifier: MIT
#include "platform/open_store.h"

#include "platform/keyring/store.h"
#include "platform/store_choice.h"
#include "platform/vault/store.h"

namespace cred {

std::unique_ptr<Store> open_store(const Environment& environment, const Settings& settings,
                                  std::ostream& notes) {
  const auto index = std::make_shared<ServerIndex>(index_file(environment));
  return choose_store(settings.store, open_keyring_store(environment, settings, index, notes),
                      open_vault_store(environment, settings, index, notes), index, notes);
}

std::unique_ptr<Store> open_store_for_trial(const Environment& environment,
                                            const Settings& settings, std::ostream& notes) {
  const auto index = std::make_shared<ServerIndex>(index_file(environment), IndexUse::only_read);
  auto keyring = open_keyring_store(environment, settings, index, notes);
  auto vault = open_vault_store(environment, settings, index, notes);
  if (settings.store == WhichStore::vault) return vault;
  std::string why_not;
  const bool in_keyring =
      settings.store == WhichStore::keyring || keyring->may_take(why_not) || !vault->is_there();
  if (in_keyring) return keyring;
  return vault;
}

}  // namespace cred
