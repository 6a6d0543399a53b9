// SPDX-License-Identifier: MIT
// Two places behind the face of one Store. Private to this folder and to the tests.
#pragma once

#include <iosfwd>
#include <memory>

#include "platform/store/backend.h"
#include "platform/store/server_index.h"
#include "platform/store/settings.h"

namespace cred {

[[nodiscard]] std::unique_ptr<Store> choose_store(WhichStore setting,
                                                  std::unique_ptr<Backend> keyring,
                                                  std::unique_ptr<Backend> vault,
                                                  std::shared_ptr<ServerIndex> index,
                                                  std::ostream& notes);

}  // namespace cred
