// SPDX-License-Identifier: MIT
// What a keyring is good for, for the choice between stores.
#include <doctest/doctest.h>

#include "platform/keyring/view.h"
#include "tests/lab/fake_keyring_service.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

using std::chrono::milliseconds;

TEST_CASE("keyring readiness") {
  struct Row {
    const char* name;
    const char* collection;
    bool is_locked, may_ask;
    std::optional<Error> failure;
    bool answers, is_unlocked;
    std::string obstacle;
  };
  const Row rows[] = {
      {"unlocked", "/c", false, false, {}, true, true, ""},
      {"locked, nobody to ask", "/c", true, false, {}, true, false, kCannotUnlock},
      {"locked, somebody to ask", "/c", true, true, {}, true, false, ""},
      {"no collection, nobody to ask", "", false, false, {}, true, false, kCannotCreate},
      {"no collection, somebody to ask", "", false, true, {}, true, false, ""},
      {"no answer", "/c", false, true, Error(Errc::timed_out, "late"), false, false, "late"},
      {"no library", "/c", false, true, Error(Errc::no_library, "old"), false, false, "old"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      FakeKeyring keyring;
      keyring.collection = row.collection;
      keyring.is_locked = row.is_locked;
      keyring.failure = row.failure;
      KeyringView view(
          [&](milliseconds reply) { return std::make_unique<FakeKeyringService>(keyring, reply); },
          milliseconds(9000), std::make_shared<ServerIndex>(folder.path() / "index"));
      const Readiness found = find_readiness(
          view, {.reply = milliseconds(9000), .prompt = milliseconds(1), .may_ask = row.may_ask});
      CHECK(found.answers == row.answers);
      CHECK(found.is_unlocked == row.is_unlocked);
      CHECK((found.obstacle ? found.obstacle->reason : "") == row.obstacle);
      CHECK(keyring.limit == milliseconds(9000));  // as it was before the hurry
    }
  }
}

TEST_CASE("keyring readiness: the time of all questions together is limited") {
  const TemporaryFolder folder;
  FakeKeyring keyring;
  milliseconds first(0);
  KeyringView view(
      [&](milliseconds reply) {
        first = reply;
        return std::make_unique<FakeKeyringService>(keyring, reply);
      },
      milliseconds(9000), std::make_shared<ServerIndex>(folder.path() / "index"));
  static_cast<void>(find_readiness(view, {.reply = milliseconds(9000), .prompt = milliseconds(1)}));
  CHECK(first <= milliseconds(1500));
  CHECK_FALSE(find_readiness(view, {.reply = milliseconds(0), .prompt = milliseconds(1)}).answers);
}

}  // namespace cred::test
