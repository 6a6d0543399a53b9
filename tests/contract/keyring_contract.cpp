// SPDX-License-Identifier: MIT
// The contract on the keyring of the session at hand; tests/contract/*.sh bring it into each state.
#include <doctest/doctest.h>

#include <iostream>

#include "platform/keyring/store.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "tests/lab/store_contract.h"

namespace cred::test {

TEST_CASE("the keyring keeps the contract of a store") {
  const auto environment = Environment::of_process(Notes(std::cerr));
  const auto settings = read_settings(environment, Notes(std::cerr));
  const auto store = open_keyring_store({environment, settings,
                                         std::make_shared<ServerIndex>(index_file(environment)),
                                         Notes(std::cerr)});
  check_store_contract(*store);
}

}  // namespace cred::test
