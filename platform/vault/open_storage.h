// SPDX-License-Identifier: MIT
// The storage of this user's vault, by the environment. Private to this folder.
#pragma once

#include <memory>

#include "platform/system/environment.h"
#include "platform/vault/storage.h"

namespace cred {

enum class StorageUse {
  ordinary,
  only_inspect  // nothing is to be changed, not even the rights of a folder
};

// Touches nothing.
[[nodiscard]] std::unique_ptr<Storage> open_storage(const Environment& environment,
                                                    StorageUse use = StorageUse::ordinary);

}  // namespace cred
