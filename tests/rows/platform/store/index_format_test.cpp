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
  IndexContent content;
  content.stores["keyring"] = {.is_complete = true, .state = ""};
  content.stores["vault:2f"] = {.is_complete = false, .state = "17"};
  content.servers["https://index.docker.io/v1/"] = {
      .stores = {kVaultId, kKeyringId}, .stale = {}, .file = "/home/ada/.docker/config.json"};
  content.servers["a\tb\\c\n"] = {.stores = {}, .stale = {kVaultId}, .file = ""};
  content.servers["b\u00fccher.example"] = {
      .stores = {kKeyringId}, .stale = {StoreId("pass")}, .file = "x\ty"};
  const std::string text = with(
      "store\tkeyring\tcomplete\t\n"
      "store\tvault:2f\tpartial\t17\n"
      "server\ta\\x09b\\x5cc\\x0a\tvault:stale\t\n"
      "server\tb\u00fccher.example\tkeyring,pass:stale\tx\\x09y\n"
      "server\thttps://index.docker.io/v1/\tvault,keyring\t/home/ada/.docker/config.json\n");
  CHECK(write_index(content) == text);
  const auto index = IndexText::parse(text);
  REQUIRE(index);
  CHECK(index->bytes() == text);
  CHECK(index->content() == content);
  CHECK(index->is_complete("keyring"));
  CHECK_FALSE(index->is_complete("vault:2f"));
  CHECK_FALSE(index->is_complete("vault"));
  for (const auto& [spelling, server] : content.servers) CHECK(index->find(spelling) == server);
  for (const char* absent : {"", "a", "a\tb", "https://index.docker.io/v1", "z"}) {
    CHECK_FALSE(index->find(absent));
  }
  CHECK(index->servers(kKeyringId) ==
        std::vector<std::string>{"b\u00fccher.example", "https://index.docker.io/v1/"});
  CHECK(index->stale_servers(kVaultId) == std::vector<std::string>{"a\tb\\c\n"});
}

TEST_CASE("an index that names nothing") {
  const auto index = IndexText::parse(write_index({}));
  REQUIRE(index);
  CHECK(index->content() == IndexContent());
  CHECK_FALSE(IndexText().find("a"));
  CHECK(IndexText().servers(kKeyringId).empty());
  CHECK(IndexText().bytes().empty());
}

TEST_CASE("what a later version may add is passed over, and servers may come in any order") {
  const auto index = IndexText::parse(
      with("host\tx\tz\nserver\tb\tkeyring\t\n\nserver\ta\tlater-store,vault\t\n"));
  REQUIRE(index);
  REQUIRE(index->find("a"));
  CHECK(index->find("a")->stores.front() == StoreId("later-store"));
  CHECK(index->find("b"));
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
      {"a store twice", with("store\tkeyring\tpartial\t\nstore\tkeyring\tcomplete\t\n")},
      {"a store alone", with("store\tkeyring\n")},
  };
  for (const auto& row : rows) {
    SUBCASE(row.name) { CHECK_FALSE(IndexText::parse(row.text)); }
  }
}

TEST_CASE("two that may be out of date err towards what may be stored") {
  IndexContent earlier;
  earlier.stores["keyring"] = {.is_complete = true, .state = "3"};
  earlier.stores["vault:1"] = {.is_complete = true, .state = ""};
  earlier.servers["a"] = {.stores = {kVaultId}, .stale = {kKeyringId}, .file = "f"};
  earlier.servers["b"] = {.stores = {kKeyringId}, .stale = {}, .file = ""};
  IndexContent later;
  later.stores["keyring"] = {.is_complete = true, .state = ""};
  later.servers["a"] = {.stores = {kKeyringId}, .stale = {kVaultId}, .file = ""};
  later.servers["c"] = {.stores = {}, .stale = {kVaultId}, .file = ""};
  const IndexContent both = merge(earlier, later);
  CHECK(both.stores.at("keyring").is_complete);
  CHECK(both.stores.at("keyring").state == "3");
  CHECK_FALSE(both.stores.at("vault:1").is_complete);
  CHECK(both.servers.at("a") == IndexedServer{{kKeyringId, kVaultId}, {}, "f"});
  CHECK(both.servers.at("b") == earlier.servers.at("b"));
  CHECK(both.servers.at("c") == later.servers.at("c"));
}

TEST_CASE("servers.json, as the versions before wrote it") {
  SUBCASE("before the vault") {
    const auto content =
        read_servers_json(R"({"complete":true,"servers":{"a":{"store":"keyring"}}})");
    CHECK(content.stores.at("keyring").is_complete);
    CHECK(content.servers.at("a").stores == std::vector{kKeyringId});
  }
  SUBCASE("with members that it does not know") {
    const auto content = read_servers_json(
        R"({"complete":["keyring"],"more":{"store":["x",{"servers":1}],"complete":["vault"]},)"
        R"("servers":{"a":{"also":["vault"],"since":{"store":"x","y":[1,null]},)"
        R"("stale":["pass"],"store":"keyring"}}})");
    CHECK(content.servers.size() == 1);
    CHECK(content.servers.at("a") == IndexedServer{{kKeyringId, kVaultId}, {StoreId("pass")}, ""});
    CHECK(content.stores.at("keyring").is_complete);
    CHECK_FALSE(content.stores.contains("vault"));
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
      CHECK(read_servers_json(text) == IndexContent());
    }
  }
}

}  // namespace cred::test
