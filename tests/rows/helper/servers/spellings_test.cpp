// SPDX-License-Identifier: MIT
#include "helper/servers/spellings.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/text/strings.h"
#include "tests/lab/memory_store.h"

namespace cred::test {

TEST_CASE("the credential that answers for a server, in whichever spelling it is stored") {
  MemoryStore store;
  store.held["https://h"] = {"ada", "s3"};
  store.held["h/team"] = {"bob", "s4"};
  struct Row {
    std::string asked;
    bool namespace_fallback;
    std::string found;  // the spelling; "" for none
  };
  const Row rows[] = {
      {"https://h", true, "https://h"}, {"h", true, "https://h"},  {"H/v2/", true, "https://h"},
      {"http://h", true, ""},           {"h:5000", true, ""},      {"h/team", true, "h/team"},
      {"h/team/app", true, "h/team"},   {"h/team/app", false, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.asked);
    const auto found = find_credential(store, row.asked, row.namespace_fallback);
    CHECK((found ? found->server : "") == row.found);
  }
}

TEST_CASE("an exact match is read, and nothing else") {
  MemoryStore store;
  store.held["h"] = {"ada", "s3"};
  store.held["https://h"] = {"bob", "s4"};
  CHECK(find_credential(store, "h", true)->username == "ada");
  CHECK(store.touched == std::vector<std::string>{"get h"});
}

TEST_CASE("a store replaces usual spellings, and odd ones that are known") {
  MemoryStore store;
  store.held["HTTPS://H:5000/v2"] = {"ada", "s3"};
  store.held["h"] = {"bob", "s4"};
  const auto replaced = spellings_replaced_by(store, "h:5000");
  CHECK(contains(replaced, "HTTPS://H:5000/v2"));
  CHECK(contains(replaced, "http://h:5000"));
  CHECK_FALSE(contains(replaced, "h:5000"));
  CHECK_FALSE(contains(replaced, "h"));
}

TEST_CASE("erasing takes every spelling, and what comes to light by it") {
  // Another program stores it once more while we erase, as often as `again` says.
  class BusyStore final : public Store {
   public:
    explicit BusyStore(int again) : again_(again) {}
    using Store::put;
    void put(std::span<const Credential>, const Progress&) override {}
    std::optional<Credential> get(std::string_view) override { return std::nullopt; }
    void erase(std::span<const std::string>) override { is_there_ = again_-- > 0; }
    std::map<std::string, std::string> list() override { return {}; }
    std::vector<std::string> known_servers() override {
      if (is_there_) return {"HTTPS://h"};
      return {};
    }
    [[nodiscard]] std::string_view name() const override { return "busy"; }
    [[nodiscard]] StoreId id_for(std::string_view) override { return StoreId("busy"); }

   private:
    int again_;
    bool is_there_ = true;
  };
  MemoryStore store;
  for (const char* server : {"h", "https://h/v1/", "http://H", "h:5000", "h/team"}) {
    store.held[server] = {"ada", "s3"};
  }
  erase_every_spelling(store, "h");
  CHECK(store.held.size() == 2);
  CHECK(store.held.contains("h:5000"));
  CHECK(store.held.contains("h/team"));

  BusyStore twice(2);
  CHECK_NOTHROW(erase_every_spelling(twice, "h"));
  BusyStore without_end(100);
  CHECK_THROWS_AS(erase_every_spelling(without_end, "h"), Error);
}

}  // namespace cred::test
