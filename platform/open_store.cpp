// SPDX-License-Identifier: MIT
#include "platform/open_store.h"

#include <algorithm>
#include <array>

#include "platform/forward/store.h"
#include "platform/keyring/store.h"
#include "platform/store_choice.h"
#include "platform/system/error.h"
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
  if (settings.store == kHomeId) {
    throw Error(Errc::bad_request,
                "the setting \"store\" says forward, and this works on the stores of this machine: "
                "DOCKER_CREDENTIAL_KEYRING_STORE=auto lets it");
  }
  const auto index = std::make_shared<ServerIndex>(environment, use);
  return choose_store(settings.store, open_backends({environment, settings, index, notes}), index,
                      notes);
}

bool asks_home(const Settings& settings) {
  return settings.store ? settings.store == kHomeId : !settings.socket.empty();
}

std::unique_ptr<Store> open_store_and_home(const Environment& environment, const Settings& settings,
                                           const Notes& notes) {
  if (!asks_home(settings)) return open_store(environment, settings, notes);
  const auto index = std::make_shared<ServerIndex>(environment, IndexUse::kept);
  const BackendContext context{environment, settings, index, notes};
  auto backends = open_backends(context);
  backends.push_back(open_home_store(context));
  return choose_store(settings.store, std::move(backends), index, notes);
}

std::unique_ptr<Store> open_store_for_trial(const Environment& environment,
                                            const Settings& settings, const Notes& notes) {
  const auto index = std::make_shared<ServerIndex>(environment, IndexUse::only_read);
  auto backends = open_backends({environment, settings, index, notes});
  const Backend& chosen = backend_for_new(settings.store, backends);
  return std::move(*std::ranges::find(backends, &chosen, &std::unique_ptr<Backend>::get));
}

}  // namespace cred
