// SPDX-License-Identifier: MIT
// What a keyring is good for at the moment, for the choice between stores. Private to this folder.
#pragma once

#include <optional>

#include "platform/keyring/view.h"
#include "platform/system/error.h"

namespace cred {

struct Readiness {
  bool answers = false;
  bool is_unlocked = false;         // it has a default collection, which is not locked
  std::optional<Refusal> obstacle;  // to storing
};

// Never fails, and takes at most one and a half seconds or `limits.reply`, whichever is less. Sets
// the limits of `view`, and leaves `limits.reply` there.
[[nodiscard]] Readiness find_readiness(KeyringView& view, const Limits& limits);

}  // namespace cred
