// SPDX-License-Identifier: MIT
// The store that helper/ works on: the keyring, the vault, or both behind one face.
#pragma once

#include <memory>

#include "platform/store/settings.h"
#include "platform/store/store.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

// By the setting "store". "keyring" and "vault": that one, and of the other nothing but what has to
// be erased there. "auto":
//   get    asks the store that the index names for the server, else each that answers
//   put    goes where the server is; a new one to the keyring if that can be used now or by asking,
//          else to the vault; what the other store held is erased there, or marked stale
//   erase  succeeds when each store that the index names for the server proves it gone
//   list   shows what both hold
// Touches nothing before it is used. Notes for people go to `notes`.
[[nodiscard]] std::unique_ptr<Store> open_store(const Environment& environment,
                                                const Settings& settings, const Notes& notes);

// The one store that would take a new server, for a credential that is tried and erased again: the
// index is read and not written. `settings` decide as above.
[[nodiscard]] std::unique_ptr<Store> open_store_for_trial(const Environment& environment,
                                                          const Settings& settings,
                                                          const Notes& notes);

}  // namespace cred
