// SPDX-License-Identifier: MIT
// What server_address.h says of spellings, carried out on a Store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/store/store.h"

namespace cred {

// The credential that answers for `server`: stored under exactly that spelling, else under the best
// other one that the store knows. Its `server` is the spelling it is stored under.
[[nodiscard]] std::optional<Credential> find_credential(Store& store, const std::string& server,
                                                        bool namespace_fallback);

// The spellings that a store of `server` replaces (is_replaced_by): the usual ones, and those that
// the store knows. Never asks.
[[nodiscard]] std::vector<std::string> spellings_replaced_by(Store& store,
                                                             const std::string& server);

// Stores `credential`, and removes what it replaces. Throws as put() does; from then on it is
// stored, and what could not be removed is left.
void put_newest(Store& store, const Credential& credential);

// Removes `server` in every usual spelling of the same registry, and in every one that the store
// knows. Returns when it knows none any more.
void erase_every_spelling(Store& store, const std::string& server);

}  // namespace cred
