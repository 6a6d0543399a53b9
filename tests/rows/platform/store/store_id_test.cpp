// SPDX-License-Identifier: MIT
#include "platform/store/store_id.h"

#include <doctest/doctest.h>

#include <string>

namespace cred::test {

TEST_CASE("the ids of stores") {
  struct Row {
    std::string text;
    bool good;
  };
  const Row rows[] = {
      {"keyring", true},
      {"vault", true},
      {"a-later-one2", true},
      {"fifteen-letters", true},
      {"", false},
      {"sixteen--letters", false},
      {"Keyring", false},
      {"a b", false},
      {"a\tb", false},
      {std::string("a\0", 2), false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto id = StoreId::parse(row.text);
    CHECK(id.has_value() == row.good);
    if (id) CHECK(id->text() == row.text);
  }
}

TEST_CASE("each store that there is has an id and a name of its own") {
  for (const auto& store : kStores) {
    CHECK(StoreId::parse(store.id.text()) == store.id);
    CHECK(store.id.name() == store.name);
    CHECK(std::ranges::count(kStores, store.id, &KnownStore::id) == 1);
    CHECK(std::ranges::count(kStores, store.name, &KnownStore::name) == 1);
  }
  CHECK(StoreId("pass").name() == "pass");
  CHECK(StoreId("a") < StoreId("b"));
}

}  // namespace cred::test
