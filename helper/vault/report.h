// SPDX-License-Identifier: MIT
// The vault as people and scripts see it. No secret is in any of it.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "platform/system/environment.h"
#include "platform/text/notes.h"
#include "platform/vault/manager.h"

namespace cred {

// What a key protects against, in one honest sentence.
[[nodiscard]] std::string protection_of(const KeySlot& slot);

// In lines of at most `width` columns, as far as words allow.
void print_slots(std::span<const KeySlot> slots, const Notes& out, std::size_t width,
                 const Environment& environment);
void print_slots_json(std::span<const KeySlot> slots, std::ostream& out);
void print_status(const VaultStatus& status, const Notes& out, std::size_t width,
                  const Environment& environment);
void print_status_json(const VaultStatus& status, std::ostream& out);

}  // namespace cred
