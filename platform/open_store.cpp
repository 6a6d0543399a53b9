// SPDX-License-Identifier: MIT
#include "platform/open_store.h"

#include <algorithm>
#include <array>

#include "platform/keyring/store.h"
#include "platform/store_choice.h"
#include "platform/vault/store.h"

namespace cred {
namespace {

using OpenBackend = std::unique_ptr<Backend> (*)(const BackendContext& context);

// In the order of kStores.
constexpr auto kBackends = std::to_array<OpenBackend>({open_keyring_store, open_vault_store});
static_assert(kBackends.size() == kStores.size());

Backends open_backends(const BackendContext& context) {
  Backends backends;
  for (const auto open : kBackends) backends.push_back(open(context));
  return backends;
}

}  // namespace

std::unique_ptr<Store> open_store(const Environment& environment, const Settings& settings,
                                  const Notes& notes, IndexUse use) {
  const auto index = std::make_shared<ServerIndex>(environment, use);
  return choose_store(settings.store, open_backends({environment, settings, index, notes}), index,
                      notes);
}

std::unique_ptr<Store> open_store_for_trial(const Environment& environment,
                                            const Settings& settings, const Notes& notes) {
  const auto index = std::make_shared<ServerIndex>(environment, IndexUse::only_read);
  auto backends = open_backends({environment, settings, index, notes});
  const Backend& chosen = backend_for_new(settings.store, backends);
  return std::move(*std::ranges::find(backends, &chosen, &std::unique_ptr<Backend>::get));
}

}  // namespace cred
