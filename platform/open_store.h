// SPDX-License-Identifier: MIT
// The store that helper/ works on: one of kStores, or all of them behind one face.
#pragma once

#include <memory>

#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/store/store.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

// By the setting "store". The id of a store: that one, and of the others nothing but what has to be
// erased there. "auto":
//   get    asks the store that the index names for the server, else each that answers; where it
//          names none or several, the newest by its own date counts, of those that are unlocked
//   put    goes where the server is; a new one to the first of kStores that can be used now or by
//          asking; what another store held is erased there, or marked stale
//   remove_replaced  erases in each store, or marks stale what is locked; never asks. Of two
//          processes that replace each other's credential, one is left
//   erase  succeeds when each store that the index names for the server proves it gone
//   list   shows what all of them hold
// Stores of this machine alone. Touches nothing before it is used. Notes for people go to `notes`.
// `use`: what is learned of the stores while they are read is not written down for a command that
// changes nothing.
[[nodiscard]] std::unique_ptr<Store> open_store(const Environment& environment,
                                                const Settings& settings, const Notes& notes,
                                                IndexUse use = IndexUse::kept);

// The same, and home's behind the socket of `settings`: what docker's own calls ask, and who adds,
// removes and lists. By the setting "store": "forward" is home alone; "auto" asks home behind the
// store that the index names for the server, and before the rest. A put goes home where home
// answers for the server and allows that.
[[nodiscard]] std::unique_ptr<Store> open_store_and_home(const Environment& environment,
                                                         const Settings& settings,
                                                         const Notes& notes);

// Whether that asks home, by `settings`.
[[nodiscard]] bool asks_home(const Settings& settings);

// The one store that would take a new server, for a credential that is tried and erased again: the
// index is read and not written. `settings` decide as above.
[[nodiscard]] std::unique_ptr<Store> open_store_for_trial(const Environment& environment,
                                                          const Settings& settings,
                                                          const Notes& notes);

}  // namespace cred
