// SPDX-License-Identifier: MIT
// The sentences of platform/store/store.h as checks, for every Store there is.
#pragma once

#include "platform/store/store.h"

namespace cred::test {

// `store` holds nothing yet, and nothing of ours afterwards.
void check_store_contract(Store& store);

}  // namespace cred::test
