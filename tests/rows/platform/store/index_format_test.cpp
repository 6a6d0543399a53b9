// SPDX-License-Identifier: MIT
#include "platform/store/index_format.h"

#include <doctest/doctest.h>

namespace cred::test {
namespace {

// An index with these lines in it.
std::string with(const std::string& lines) {
  return "docker-credential-keyring index 1\n" + lines + "end\n";
}

}  // namespace

TEST_CASE("the index is text, a line for each server") {
  const std::map<std::string, IndexedServer> servers = {
      {"https://index.docker.io/v1/",
       {.stores = {kVaultId, kKeyringId}, .stale = {}, .file = "/home/ada/.docker/config.json"}},
      {"a\tb\\c\n", {.stores = {}, .stale = {kVaultId}, .file = ""}},
      {"b\u00fccher.example",
       {.stores = {kKeyringId}, .stale = {StoreId("pass")}, .file = "x\ty"}}};
  const std::string text = with(
      "store\tkeyring\tcomplete\t\n"
      "store\tvault:2e\tcomplete:18446744073709551615\t/v\n"
      "store\tvault:2f\tpartial\t17\n"
      "server\ta\\x09b\\x5cc\\x0a\tvault:stale\t\n"
      "server\tb\u00fccher.example\tkeyring,pass:stale\tx\\x09y\n"
      "server\thttps://index.docker.io/v1/\tvault,keyring\t/home/ada/.docker/config.json\n");
  auto index = Index::parse(text);
  REQUIRE(index);
  CHECK(index->text() == text);
  CHECK(index->complete("keyring") == 0);
  CHECK(index->complete("vault:2e") == UINT64_MAX);
  CHECK_FALSE(index->complete("vault:2f"));
  CHECK_FALSE(index->complete("vault"));
  CHECK(index->is_complete_at("/v"));
  CHECK_FALSE(index->is_complete_at("17"));
  for (const auto& [spelling, server] : servers) {
    CHECK(index->find(spelling) == server);
    index->set(spelling, server);
  }
  for (const char* absent : {"", "a", "a\tb", "https://index.docker.io/v1", "z"}) {
    CHECK(index->find(absent) == IndexedServer());
    index->set(absent, {});
  }
  CHECK_FALSE(index->is_changed());
  CHECK(index->servers(kKeyringId) ==
        std::vector<std::string>{"b\u00fccher.example", "https://index.docker.io/v1/"});
  CHECK(index->stale_servers(kVaultId) == std::vector<std::string>{"a\tb\\c\n"});
  for (const auto& [spelling, server] : servers) index->set(spelling, {});
  CHECK(index->is_changed());
  CHECK(index->servers(kKeyringId).empty());
  for (const auto& [spelling, server] : servers) index->set(spelling, server);
  CHECK(index->text() == text);
}

TEST_CASE("an index that names nothing") {
  const auto index = Index::parse(with(""));
  REQUIRE(index);
  CHECK(index->text() == Index().text());
  CHECK(Index().find("a") == IndexedServer());
  CHECK(Index().servers(kKeyringId).empty());
}

TEST_CASE("an index is made, server by server") {
  Index index;
  index.set_complete("vault:2f", 3);
  index.set("b", {.stores = {kVaultId}, .stale = {}, .file = ""});
  index.set("a", {.stores = {kKeyringId}, .stale = {}, .file = ""});
  index.set("b", {.stores = {kVaultId}, .stale = {kKeyringId}, .file = ""});
  CHECK(index.is_changed());
  CHECK(index.stale_servers(kKeyringId) == std::vector<std::string>{"b"});
  CHECK(index.text() == with("store\tvault:2f\tcomplete:3\t\nserver\ta\tkeyring\t\n"
                             "server\tb\tvault,keyring:stale\t\n"));
}

TEST_CASE("what a later version may add is passed over, and servers may come in any order") {
  const auto index =
      Index::parse(with("host\tx\tz\nserver\tb\tkeyring\t\n\nserver\ta\tlater-store,vault\t\n"));
  REQUIRE(index);
  CHECK(index->find("a").stores == std::vector{StoreId("later-store"), kVaultId});
  CHECK(index->find("b").names(kKeyringId));
}

TEST_CASE("a server that is not UTF-8 is none") {
  const auto index = Index::parse(
      "docker-credential-keyring index 1\nserver\ta\tvault\t\nserver\tb\xff\tvault\t\nend\n");
  REQUIRE(index);
  CHECK(index->servers(kVaultId) == std::vector<std::string>{"a"});
}

TEST_CASE("a hostile line makes the whole index none") {
  const struct {
    const char* name;
    std::string text;
  } rows[] = {
      {"nothing", ""},
      {"the header alone", "docker-credential-keyring index 1\n"},
      {"another version", "docker-credential-keyring index 2\nend\n"},
      {"JSON", R"({"complete":["keyring"],"servers":{}})"},
      {"no end", "docker-credential-keyring index 1\nstore\tkeyring\tcomplete\t\n"},
      {"half an end", "docker-credential-keyring index 1\nend"},
      {"something behind the end", with("") + "server\ta\tkeyring\t\n"},
      {"two ends", with("end\n")},
      {"cut within a line", "docker-credential-keyring index 1\nserver\ta\tkey"},
      {"a server alone", with("server\ta\n")},
      {"no file", with("server\ta\tkeyring\n")},
      {"a field too many", with("server\ta\tkeyring\t\t\n")},
      {"no store", with("server\ta\t\t\n")},
      {"an empty store", with("server\ta\tkeyring,\t\n")},
      {"an empty store before", with("server\ta\t,keyring\t\n")},
      {"nothing but stale", with("server\ta\t:stale\t\n")},
      {"a store that is no id", with("server\ta\tKeyring\t\n")},
      {"an id too long", with("server\ta\taaaaaaaaaaaaaaaa\t\n")},
      {"stale twice", with("server\ta\tvault:stale:stale\t\n")},
      {"a server twice", with("server\ta\tkeyring\t\nserver\tb\tvault\t\nserver\ta\tvault\t\n")},
      {"NUL", with(std::string("server\ta\0b\tkeyring\t\n", 21))},
      {"a return", with("server\ta\tkeyring\t\r\n")},
      {"an escape for what needs none", with("server\t\\x61\tkeyring\t\n")},
      {"an escape in capitals", with("server\ta\\x0A\tkeyring\t\n")},
      {"an escape cut short", with("server\ta\\x0\tkeyring\t\n")},
      {"an escape of another kind", with("server\ta\\n\tkeyring\t\n")},
      {"an escape with a sign", with("server\ta\\x-1\tkeyring\t\n")},
      {"a store neither complete nor not", with("store\tkeyring\tyes\t\n")},
      {"a generation that is no number", with("store\tvault:1\tcomplete:x\t\n")},
      {"one that is too large", with("store\tvault:1\tcomplete:18446744073709551616\t\n")},
      {"none behind its colon", with("store\tvault:1\tcomplete:\t\n")},
      {"a store twice", with("store\tkeyring\tpartial\t\nstore\tkeyring\tcomplete\t\n")},
      {"a store alone", with("store\tkeyring\n")},
  };
  for (const auto& row : rows) {
    SUBCASE(row.name) { CHECK_FALSE(Index::parse(row.text)); }
  }
}

TEST_CASE("two that may be out of date err towards what may be stored") {
  auto earlier =
      Index::parse(with("store\tkeyring\tcomplete\t3\nstore\tvault:1\tcomplete\t\n"
                        "server\ta\tvault,keyring:stale\tf\nserver\tb\tkeyring\t\n"));
  const auto later =
      Index::parse(with("store\tkeyring\tcomplete\t\nserver\ta\tkeyring,vault:stale\t\n"
                        "server\tc\tvault:stale\t\n"));
  REQUIRE(earlier);
  REQUIRE(later);
  earlier->merge(*later);
  CHECK(earlier->text() == with("store\tkeyring\tcomplete\t3\nstore\tvault:1\tpartial\t\n"
                                "server\ta\tkeyring,vault\tf\nserver\tb\tkeyring\t\n"
                                "server\tc\tvault:stale\t\n"));
}

TEST_CASE("servers.json, as the versions before wrote it") {
  SUBCASE("before the vault") {
    const auto index =
        read_servers_json(R"({"complete":true,"servers":{"a":{"store":"keyring"}}})");
    CHECK(index.text() == with("store\tkeyring\tcomplete\t\nserver\ta\tkeyring\t\n"));
  }
  SUBCASE("with members that it does not know") {
    const auto index = read_servers_json(
        R"({"complete":["keyring"],"more":{"store":["x",{"servers":1}],"complete":["vault"]},)"
        R"("servers":{"a":{"also":["vault"],"since":{"store":"x","y":[1,null]},)"
        R"("stale":["pass"],"store":"keyring"}}})");
    CHECK(index.text() == with("store\tkeyring\tcomplete\t\n"
                               "server\ta\tkeyring,vault,pass:stale\t\n"));
  }
  SUBCASE("broken: it names nothing") {
    for (const char* text :
         {"", "{", "[]", R"({"servers":[]})", R"({"servers":{"a":1}})", R"({"servers":{"a":[]}})",
          R"({"servers":{"a":{}}})", R"({"servers":{"a":{"store":1}}})",
          R"({"servers":{"a":{"store":["keyring"]}}})",
          R"({"servers":{"a":{"store":"keyring","also":"vault"}}})",
          R"({"servers":{"a":{"store":"keyring","stale":[{"x":"vault"}]}}})",
          R"({"complete":{"x":"keyring"},"servers":{}})",
          R"({"complete":["keyring",1],"servers":{}})", R"({"complete":["keyring"]})", "\xff"}) {
      CHECK(read_servers_json(text).text() == with(""));
    }
  }
  SUBCASE("nested so deep that nothing may walk through it: it names nothing") {
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    for (const std::string member : {R"({"store":)", R"({"also":)"}) {
      const std::string text = R"({"servers":{"a":)" + member + deep + "}}}";
      CHECK(read_servers_json(text).text() == with(""));
    }
  }
}

}  // namespace cred::test
