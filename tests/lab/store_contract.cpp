// SPDX-License-Identifier: MIT
#include "tests/lab/store_contract.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cred::test {
namespace {

Credential credential(std::string server, std::string username, std::string_view secret) {
  return {std::move(server), std::move(username), Secret(secret)};
}

void check_holds(Store& store, const std::string& server, const std::string& username,
                 std::string_view secret) {
  CAPTURE(server);
  const auto found = store.get(server);
  REQUIRE(found);
  CHECK(found->server == server);
  CHECK(found->username == username);
  CHECK(found->secret.reveal() == secret);
}

using List = std::map<std::string, std::string>;

}  // namespace

void check_store_contract(Store& store) {
  CHECK_FALSE(store.name().empty());
  CHECK(store.list().empty());
  CHECK_FALSE(store.get("reg.example"));

  // Erasing what is not there succeeds.
  store.erase({{"reg.example", "other.example"}});

  store.put(credential("reg.example", "ada", "s3"));
  check_holds(store, "reg.example", "ada", "s3");
  CHECK(store.list() == List{{"reg.example", "ada"}});
  CHECK(store.known_servers() == std::vector<std::string>{"reg.example"});

  // One credential a server, whatever its username.
  store.put(credential("reg.example", "bob", "s4"));
  check_holds(store, "reg.example", "bob", "s4");
  CHECK(store.list() == List{{"reg.example", "bob"}});

  // Servers are compared byte for byte.
  for (const char* other : {"REG.example", "https://reg.example", "reg.example/", "reg.exampl"}) {
    CAPTURE(other);
    CHECK_FALSE(store.get(other));
  }

  // Any text, to the byte.
  const std::vector<std::string> texts = {
      " leading and trailing \n", "\"quotes\" \\ <>&", "é ü 漢字 🐳", "a:b", "<token>",
      std::string(4096, 'x')};
  for (const auto& text : texts) {
    store.put(credential("text.example", text, text));
    check_holds(store, "text.example", text, text);
  }
  store.put(credential("https://índex.example/v1/ ü", "ada", "s5"));
  check_holds(store, "https://índex.example/v1/ ü", "ada", "s5");

  // A batch is put in turn, and says how far it is.
  std::vector<Credential> batch;
  batch.push_back(credential("one.example", "ada", "1"));
  batch.push_back(credential("two.example", "ada", "2"));
  batch.push_back(credential("one.example", "ada", "3"));
  std::vector<std::size_t> steps;
  store.put(batch, [&](std::size_t done, const std::string& server) {
    steps.push_back(done);
    CHECK(server == batch[done - 1].server);
  });
  CHECK(steps == std::vector<std::size_t>{1, 2, 3});
  check_holds(store, "one.example", "ada", "3");
  check_holds(store, "two.example", "ada", "2");

  // Erasing one leaves the others.
  store.erase({{"one.example"}});
  CHECK_FALSE(store.get("one.example"));
  check_holds(store, "two.example", "ada", "2");
  CHECK(store.list().size() == 4);

  store.erase({{"two.example", "reg.example", "text.example", "https://índex.example/v1/ ü"}});
  CHECK(store.list().empty());
  CHECK(store.known_servers().empty());
}

}  // namespace cred::test
