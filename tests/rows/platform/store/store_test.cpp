// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "tests/lab/memory_store.h"
#include "tests/lab/store_contract.h"

namespace cred::test {

TEST_CASE("the store in memory keeps the contract that it stands in for") {
  MemoryStore store;
  check_store_contract(store);
}

}  // namespace cred::test
