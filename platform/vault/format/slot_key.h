// SPDX-License-Identifier: MIT
// From what unlocks a vault to its data key: a passphrase, the content of a key file, or what
// clevis unsealed gives the key of one slot, which unwraps the data key. Private to platform/vault.
#pragma once

#include <optional>
#include <string_view>

#include "platform/system/locked_bytes.h"
#include "platform/vault/format/format.h"

namespace cred {

inline constexpr std::size_t kShortestKeyMaterial = 32;
inline constexpr std::size_t kLongestKeyMaterial = 4096;

// A slot with a random id and salt, of this host and hour; its wrap is still missing. A passphrase
// is stretched as far as this machine's memory allows.
[[nodiscard]] KeySlot new_slot(SlotKind kind);

// The key of a slot. `material` is a passphrase, the content of a key file, or what was sealed.
// Argon2id's numbers come from a file that nobody vouched for yet: beyond the limits they are
// Error(vault_unsafe), and Error(io) where this machine has not the memory, before any is taken.
[[nodiscard]] LockedBytes slot_key(const KeySlot& slot, Bytes material);

// Fills in the slot's wrap.
void wrap_data_key(KeySlot& slot, std::string_view vault_id, const LockedBytes& data_key,
                   const LockedBytes& key);

// nullopt if `key` is not the slot's.
[[nodiscard]] std::optional<LockedBytes> unwrap_data_key(const KeySlot& slot,
                                                         std::string_view vault_id,
                                                         const LockedBytes& key);

}  // namespace cred
