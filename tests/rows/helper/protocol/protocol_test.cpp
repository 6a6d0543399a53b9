// SPDX-License-Identifier: MIT
#include "helper/protocol/protocol.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "helper/cli/hints.h"
#include "helper/cli/report.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

struct Run {
  std::string out, err;
  int exit_code = 0;
};

// What main() does for one of docker's verbs.
Run run(Store& store, const std::string& verb, const std::string& input,
        const Settings& settings = {}, const Environment& environment = {}) {
  std::ostringstream out;
  std::ostringstream err;
  Run result;
  const auto hint = [](const Error& failure) { return hint_for(failure, {}); };
  try {
    run_protocol_verb(verb,
                      {store, settings, environment, [&] { return input; }, out, Notes(err), hint});
  } catch (const std::exception& failure) {
    out.str("");
    result.exit_code = report(failure, Notes(out), Notes(err));
  }
  result.out = out.str();
  result.err = err.str();
  return result;
}

const std::string kNotFoundLine = "credentials not found in native keychain\n";

}  // namespace

TEST_CASE("the protocol, as docker expects it") {
  const std::string stored = R"({"ServerURL":"r.example","Username":"ada","Secret":"s3"})";
  const std::string huge(kLargestText + 1, 'x');
  struct Row {
    const char* name;
    std::string verb, in, out;
    int exit_code;
  };
  const Row rows[] = {
      {"get, stored", "get", "r.example\n", stored + "\n", 0},
      {"get, blanks around", "get", " \t r.example \r\n\n", stored + "\n", 0},
      {"get, lines are joined", "get", "r.exa\nmple\n", stored + "\n", 0},
      {"get, missing", "get", "other", kNotFoundLine, 1},
      {"get, missing URL", "get", "https://not.a.real.registry/url", kNotFoundLine, 1},
      {"get, nothing", "get", "", "no credentials server URL\n", 1},
      {"get, blank stdin", "get", " \n", "no credentials server URL\n", 1},
      {"get, not UTF-8", "get", "\xff", "the server is not plain UTF-8 text\n", 1},
      {"get, NUL", "get", std::string("r\0x", 3), "the server is not plain UTF-8 text\n", 1},
      {"get, another spelling is echoed", "get", "https://R.example/v2/",
       R"({"ServerURL":"https://R.example/v2/","Username":"ada","Secret":"s3"})"
       "\n",
       0},
      {"erase, missing", "erase", "other", "", 0},
      {"erase, stored", "erase", "r.example\n", "", 0},
      {"erase, blank", "erase", "\n", "no credentials server URL\n", 1},
      {"list", "list", "unused", "{\"r.example\":\"ada\"}\n", 0},
      {"store", "store",
       R"({"ServerURL":"a","Username":"b","Secret":"c"})"
       "\n",
       "", 0},
      {"store, keys in any case, unknown keys, more behind", "store",
       R"({"serverurl":"a","USERNAME":"b","secret":"c","x":[1]} junk)", "", 0},
      {"store, over several lines", "store", "{\n \"ServerURL\":\"a\",\n \"Username\":\"b\"\n}", "",
       0},
      {"store, empty object", "store", "{}", "no credentials server URL\n", 1},
      {"store, null is nothing", "store", R"({"ServerURL":null,"Username":"b"})",
       "no credentials server URL\n", 1},
      {"store, no username", "store", R"({"ServerURL":"a"})", "no credentials username\n", 1},
      {"store, number", "store", R"({"ServerURL":1})", "ServerURL is not a string\n", 1},
      {"store, NUL in the secret", "store",
       R"({"ServerURL":"a","Username":"b","Secret":"hunter2\u0000"})",
       "Secret holds a NUL, which keyrings cut a text at\n", 1},
      {"store, array", "store", "[]", "stdin is not a JSON object\n", 1},
      {"store, too long", "store", R"({"ServerURL":"a","Username":"b","Secret":")" + huge + "\"}",
       "Secret is longer than 1048576 bytes\n", 1},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      store.held["r.example"] = {"ada", "s3"};
      const Run result = run(store, row.verb, row.in);
      CHECK(result.out == row.out);
      CHECK(result.exit_code == row.exit_code);
    }
  }
}

TEST_CASE("input that is no request stores nothing and is not echoed") {
  struct Row {
    const char* name;
    std::string in;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"not JSON", "hunter2"},
      {"cut short", R"({"Secret":"hunter2)"},
      {"lone surrogate", R"({"ServerURL":"a","Username":"b","Secret":"hunter2\ud800"})"},
      {"not UTF-8", "{\"ServerURL\":\"a\",\"Username\":\"b\",\"Secret\":\"hunter2\xff\"}"},
      {"byte order mark",
       "\xef\xbb\xbf{\"ServerURL\":\"a\",\"Username\":\"b\",\"Secret\":\"hunter2\"}"},
      {"secret is a number", R"({"ServerURL":"a","Username":"b","Secret":2})"},
      {"username is an object", R"({"ServerURL":"a","Username":{"hunter2":1},"Secret":"x"})"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      const Run result = run(store, "store", row.in);
      CHECK(result.exit_code == 1);
      CHECK(std::ranges::count(result.out, '\n') == 1);
      CHECK(result.out.find("hunter2") == std::string::npos);
      CHECK(result.err.find("hunter2") == std::string::npos);
      CHECK(store.touched.empty());
    }
  }
}

TEST_CASE("of case variants of one key the last counts") {
  MemoryStore store;
  CHECK(run(store, "store",
            R"({"ServerURL":"a","Username":"b","Secret":"1","secret":"2","Secret":"3"})")
            .exit_code == 0);
  CHECK(store.held["a"] == MemoryStore::Login{"b", "3"});
}

TEST_CASE("an empty secret acts as an erase") {
  MemoryStore store;
  store.held["a"] = {"b", "c"};
  CHECK(run(store, "store", R"({"ServerURL":"a","Username":"b","Secret":""})").exit_code == 0);
  CHECK(store.held.empty());
  CHECK(run(store, "get", "a").out == kNotFoundLine);
  store.held["a"] = {"b", ""};  // as docker-credential-secretservice leaves it
  CHECK(run(store, "get", "a").out == kNotFoundLine);
}

TEST_CASE("erase takes every spelling of the registry, and nothing else") {
  MemoryStore store;
  for (const char* server :
       {"reg", "https://reg", "http://reg", "reg/v2/", "reg/team", "reg:5000"}) {
    store.held[server] = {"ada", "s3"};
  }
  CHECK(run(store, "erase", "https://reg/").exit_code == 0);
  CHECK(store.list() ==
        std::map<std::string, std::string>{{"reg/team", "ada"}, {"reg:5000", "ada"}});
}

TEST_CASE("store replaces the spellings that it answers for, once it is proven") {
  struct Row {
    const char* server;
    std::vector<std::string> left;
  };
  const Row rows[] = {
      {"reg", {"reg", "reg/team", "reg:5000"}},
      {"https://reg", {"http://reg", "https://reg", "reg/team", "reg:5000"}},
      {"http://reg", {"http://reg", "https://reg/v2/", "reg", "reg/team", "reg:5000"}},
  };
  const auto begin = [](MemoryStore& store) {
    for (const char* server : {"reg", "https://reg/v2/", "http://reg", "reg/team", "reg:5000"}) {
      store.held[server] = {"ada", "old"};
    }
  };
  const auto request = [](const std::string& server) {
    return R"({"ServerURL":")" + server + R"(","Username":"bob","Secret":"new"})";
  };
  for (const Row& row : rows) {
    CAPTURE(row.server);
    MemoryStore store;
    begin(store);
    CHECK(run(store, "store", request(row.server)).exit_code == 0);
    CHECK(store.known_servers() == row.left);
  }
  MemoryStore garbles;
  begin(garbles);
  garbles.garble_secret_of = "reg";
  CHECK(run(garbles, "store", request("reg")).exit_code == 0);
  CHECK(garbles.held.size() == 5);
  MemoryStore fails;
  begin(fails);
  fails.fail_put_of = "reg";
  CHECK(run(fails, "store", request("reg")).exit_code == 1);
  CHECK(fails.held.size() == 5);
}

TEST_CASE("an exact match wins over any other spelling") {
  MemoryStore store;
  store.held["https://reg"] = {"ada", "1"};
  store.held["reg"] = {"bob", "2"};
  CHECK(run(store, "get", "https://reg").out ==
        R"({"ServerURL":"https://reg","Username":"ada","Secret":"1"})"
        "\n");
  CHECK(run(store, "get", "reg").out == R"({"ServerURL":"reg","Username":"bob","Secret":"2"})"
                                        "\n");
}

TEST_CASE("the fallback to shorter paths can be switched off") {
  MemoryStore store;
  store.held["reg/team"] = {"ada", "s3"};
  Settings settings;
  CHECK(run(store, "get", "reg/team/app", settings).exit_code == 0);
  settings.namespace_fallback = false;
  CHECK(run(store, "get", "reg/team/app", settings).out == kNotFoundLine);
}

TEST_CASE("a secret that is no text is not found, which is said, and not a changed secret") {
  MemoryStore store;
  store.held["a"] = {"b", "\xff\xfe"};
  const Run result = run(store, "get", "a");
  CHECK(result.exit_code == 1);
  CHECK(result.out == kNotFoundLine);
  CHECK(result.err.find("what is stored for a counts as not found") != std::string::npos);
}

TEST_CASE("docker shows stderr alone: the reason stands there, once for each registry") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables["XDG_RUNTIME_DIR"] = folder.path();
  MemoryStore store;
  store.held["reg.example"] = {"ada", "s3"};
  store.fail_get = store.fail_erase = Errc::keyring_failed;
  const auto told = [&](const std::string& verb, const std::string& server) {
    const Run result = run(store, verb, server, {}, environment);
    CHECK(result.exit_code == 1);
    return result.err;
  };
  // As docker logout asks.
  const std::string once = told("erase", "reg.example");
  CHECK(once.starts_with("docker-credential-keyring: reg.example was NOT logged out: "));
  CHECK(once.find("; hint: ") != std::string::npos);
  CHECK(std::ranges::count(once, '\n') == 1);
  for (const char* server : {"reg.example", "http://reg.example", "https://reg.example"}) {
    CHECK(told("erase", server).empty());
  }
  CHECK(told("erase", "reg.example:5000")
            .starts_with("docker-credential-keyring: reg.example:5000 was NOT"));
  const std::string unread = told("get", "reg.example");
  CHECK(
      unread.starts_with("docker-credential-keyring: reg.example: its login could not be read: "));
  CHECK(told("get", "https://reg.example/v1/").empty());

  // What was meant for `store`, or has a password in it, is not shown.
  for (const char* secret : {"https://ada:s3@reg.example", R"({"ServerURL":"r","Secret":"s3"})"}) {
    CHECK(told("get", secret).find("s3") == std::string::npos);
  }
  std::filesystem::remove(folder.path() / "docker-credential-keyring.told");
  CHECK(told("get", "reg.example") == unread);
  environment.variables["XDG_RUNTIME_DIR"] = folder.path() / "nowhere";
  CHECK(told("get", "reg.example") == unread);
  CHECK(told("get", "reg.example") == unread);
}

TEST_CASE("a login that the store knows of and has no more is told") {
  class Losing final : public Store {
   public:
    using Store::put;
    void put(std::span<const Credential> /*credentials*/, const Progress& /*done*/) override {}
    std::optional<Credential> get(std::string_view /*server*/) override { return std::nullopt; }
    void erase(std::span<const std::string> /*servers*/) override {}
    std::map<std::string, std::string> list() override { return {}; }
    std::vector<std::string> known_servers() override { return {"r.example", "https://s.example"}; }
    [[nodiscard]] std::string_view name() const override { return "losing"; }
    [[nodiscard]] StoreId id_for(std::string_view /*server*/) override { return StoreId("losing"); }
  } store;
  for (const char* server : {"r.example", "s.example", "r.example/team"}) {
    const auto result = run(store, "get", server);
    CHECK(result.out == kNotFoundLine);
    CHECK(result.err.find("was stored, and is lost") != std::string::npos);
  }
  CHECK(run(store, "get", "other.example").err.empty());
}

TEST_CASE("list of nothing is an object, and stdin is left alone") {
  MemoryStore store;
  std::ostringstream out;
  const ReadInput must_not_be_read = []() -> std::string { throw Error(Errc::io, "was read"); };
  run_protocol_verb("list", {store, {}, {}, must_not_be_read, out, {}, {}});
  CHECK(out.str() == "{}\n");
}

}  // namespace cred::test
