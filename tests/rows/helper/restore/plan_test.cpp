// SPDX-License-Identifier: MIT
#include "helper/restore/plan.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "helper/files/docker_config.h"
#include "helper/migrate/run.h"
#include "platform/system/error.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

RestorePlan plan_of(const std::string& text, Store& store, const RestoreWish& wish = {}) {
  return plan_restore({"config.json", text}, store, wish);
}

std::string entries_of(const RestorePlan& plan) {
  std::string entries;
  for (const auto& entry : plan.entries) {
    entries += entry.server + (entry.is_written() ? ":written "
                               : entry.is_missing ? ":missing "
                                                  : ":kept ");
  }
  return entries;
}

}  // namespace

TEST_CASE("what a restore would write") {
  struct Row {
    const char* name;
    std::string text;
    RestoreWish wish;
    std::string entries;   // "server:written" or "server:kept" of each
    std::string new_text;  // "" if the file is not to be written
  };
  const std::string ada = R"({"auth":"YWRhOnMz"})";  // the store has this for a.example …
  const std::string bob = R"({"auth":"Ym9iOnM0"})";  // … and this for b.example
  const Row rows[] = {
      {"all of them",
       R"({"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"})",
       {},
       "a.example:written b.example:written ",
       R"({"auths":{"a.example":)" + ada + R"(,"b.example":)" + bob + "}}"},
      {"what the file does not name as well",
       R"({"auths":{"b.example":{}},"credsStore":"keyring"})",
       {},
       "b.example:written a.example:written ",
       R"({"auths":{"b.example":)" + bob + R"(,"a.example":)" + ada + "}}"},
      {"an entry without a login stays as it is",
       R"({"auths":{"a.example":{},"b.example":{},"c.example":{}}})",
       {},
       "a.example:written b.example:written ",
       R"({"auths":{"a.example":)" + ada + R"(,"b.example":)" + bob + R"(,"c.example":{}}})"},
      {"under the key that the file has",
       R"({"auths":{"https://a.example/v1/":{},"B.example":{}},"credsStore":"keyring"})",
       {},
       "https://a.example/v1/:written B.example:written ",
       R"({"auths":{"https://a.example/v1/":)" + ada + R"(,"B.example":)" + bob + "}}"},
      {"what is there already is not written again",
       R"({"auths":{"a.example":)" + ada + R"(,"b.example":)" + bob +
           R"(},"credsStore":"keyring"})",
       {},
       "",
       R"({"auths":{"a.example":)" + ada + R"(,"b.example":)" + bob + "}}"},
      {"another login in the file stays, and docker goes on asking",
       R"({"auths":{"a.example":)" + bob + R"(,"b.example":{}},"credsStore":"keyring"})",
       {},
       "a.example:kept b.example:written ",
       R"({"auths":{"a.example":)" + bob + R"(,"b.example":)" + bob +
           R"(},"credHelpers":{"a.example":"keyring"}})"},
      {"helpers of single servers",
       R"({"auths":{"a.example":{},"b.example":{}},"credHelpers":{"a.example":"keyring","b.example":"pass"}})",
       {},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada +
           R"(,"b.example":{}},"credHelpers":{"b.example":"pass"}})"},
      {"another helper for all", R"({"auths":{"a.example":{}},"credsStore":"pass"})", {}, "", ""},
      {"what migrate had left to the file",
       R"({"auths":{"a.example":{},"b.example":{},"x":{"auth":"eDo="}},"credsStore":"keyring","credHelpers":{"x":""}})",
       {},
       "a.example:written b.example:written ",
       R"({"auths":{"a.example":)" + ada + R"(,"b.example":)" + bob + R"(,"x":{"auth":"eDo="}}})"},

      {"one of them",
       R"({"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"})",
       {{"a.example"}},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada +
           R"(,"b.example":{}},"credsStore":"keyring","credHelpers":{"a.example":""}})"},
      {"one of them, twice and in other spellings",
       R"({"auths":{"https://a.example/v1/":{}},"credsStore":"keyring"})",
       {{"A.EXAMPLE", "https://a.example"}},
       "https://a.example/v1/:written ",
       R"({"auths":{"https://a.example/v1/":)" + ada +
           R"(},"credsStore":"keyring","credHelpers":{"a.example":""}})"},
      {"one that the file does not name",
       R"({"auths":{},"credsStore":"keyring"})",
       {{"a.example"}},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada +
           R"(},"credsStore":"keyring","credHelpers":{"a.example":""}})"},
      {"one, where another helper is asked",
       R"({"auths":{},"credsStore":"pass"})",
       {{"a.example"}},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada +
           R"(},"credsStore":"pass","credHelpers":{"a.example":""}})"},
      {"one, where no helper is asked",
       R"({"auths":{}})",
       {{"a.example"}},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada + "}}"},
      {"one of two that are asked for",
       R"({"auths":{},"credsStore":"keyring"})",
       {{"no.example", "a.example"}},
       "no.example:missing a.example:written ",
       R"({"auths":{"a.example":)" + ada +
           R"(},"credsStore":"keyring","credHelpers":{"a.example":""}})"},
      {"none of those that are asked for",
       R"({"auths":{},"credsStore":"keyring"})",
       {{"no.example"}},
       "no.example:missing ",
       ""},

      {"the set-up alone",
       R"({"auths":{"a.example":{}},"credsStore":"keyring","credHelpers":{"b":"keyring","c":"pass"}})",
       {{}, true},
       "",
       R"({"auths":{"a.example":{}},"credHelpers":{"c":"pass"}})"},
      {"the set-up alone, of another helper",
       R"({"credsStore":"pass","credHelpers":{"b":"keyring","c":""}})",
       {{}, true},
       "",
       R"({"credsStore":"pass","credHelpers":{"c":""}})"},
      {"no set-up", R"({"auths":{}})", {{}, true}, "", ""},
      {"no file and no set-up", "", {{}, true}, "", ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      store.held["a.example"] = {"ada", "s3"};
      store.held["b.example"] = {"bob", "s4"};
      const auto plan = plan_of(row.text, store, row.wish);
      CHECK(entries_of(plan) == row.entries);
      CHECK(plan.new_text.value_or("") == row.new_text);
      CHECK(store.held.size() == 2);
      for (const auto& entry : plan.entries) CHECK(entry.is_written() == entry.reason.empty());
    }
  }
}

TEST_CASE("an auth.json names the helper of Docker Hub as its readers look for it") {
  struct Row {
    const char* name;
    std::string text;
    RestoreWish wish;
    std::string new_text;
  };
  const std::string auths = R"("auths":{"https://index.docker.io/v1/":{"auth":"YWRhOnMz"}}})";
  const Row rows[] = {
      {"named",
       R"({"credHelpers":{"docker.io":"keyring","x":"pass"}})",
       {{"docker.io"}},
       R"({"credHelpers":{"x":"pass"},)" + auths},
      {"all",
       R"({"credHelpers":{"docker.io":"keyring","x":"pass"}})",
       {},
       R"({"credHelpers":{"x":"pass"},)" + auths},
      {"all, where another helper has it", R"({"credHelpers":{"docker.io":"pass"}})", {}, ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      store.held["https://index.docker.io/v1/"] = {"ada", "s3"};
      const auto plan = plan_restore({"auth.json", row.text, &kAuthFileFormat}, store, row.wish);
      CHECK(plan.new_text.value_or("") == row.new_text);
    }
  }
}

TEST_CASE("what a restore would write into an auth.json") {
  struct Row {
    const char* name;
    std::string text;
    RestoreWish wish;
    std::string entries;
    std::string new_text;
  };
  const std::string ada = R"({"auth":"YWRhOnMz"})";
  const auto only_ada = [](const std::string& server) { return server == "a.example"; };
  const Row rows[] = {
      {"what came from it",
       R"({"auths":{}})",
       {{}, false, only_ada},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada + "}}"},
      {"an entry of its own is no sign of one that it gave",
       R"({"auths":{"b.example":{},"a.example":{}}})",
       {{}, false, only_ada},
       "a.example:written ",
       R"({"auths":{"b.example":{},"a.example":)" + ada + "}}"},
      {"one that is named, under the name that its readers ask for",
       R"({"auths":{}})",
       {{"A.EXAMPLE"}},
       "a.example:written ",
       R"({"auths":{"a.example":)" + ada + "}}"},
      {"Docker Hub, as these tools write it",
       R"({"auths":{}})",
       {{"index.docker.io"}},
       "docker.io:written ",
       R"({"auths":{"docker.io":)" + ada + "}}"},
      {"credsStore means nothing there",
       R"({"credsStore":"keyring"})",
       {{}, false, only_ada},
       "a.example:written ",
       R"({"credsStore":"keyring","auths":{"a.example":)" + ada + "}}"},
      {"we are asked no more; an empty name would be that of a program",
       R"({"credHelpers":{"a.example":"keyring","x":"pass"}})",
       {{"a.example"}},
       "a.example:written ",
       R"({"credHelpers":{"x":"pass"},"auths":{"a.example":)" + ada + "}}"},
      {"what its readers cannot read", "{}", {{"colon.example"}}, "colon.example:kept ", ""},
      {"what is for another file", "{}", {{"b.example"}, false, only_ada}, "", ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      store.held["a.example"] = store.held["docker.io"] = {"ada", "s3"};
      store.held["b.example"] = {"bob", "s4"};
      store.held["colon.example"] = {"a:b", "s3"};
      const auto plan = plan_restore({"auth.json", row.text, &kAuthFileFormat}, store, row.wish);
      CHECK(entries_of(plan) == row.entries);
      CHECK(plan.new_text.value_or("") == row.new_text);
    }
  }
}

TEST_CASE(
    "an empty entry of docker's says that its credential was there, whatever the index says") {
  MemoryStore store;
  store.held["a.example"] = {"ada", "s3"};
  store.held["b.example"] = {"bob", "s4"};
  const std::string text = R"({"auths":{"a.example":{}},"credsStore":"keyring"})";
  const auto nowhere = [](const std::string& /*server*/) { return false; };
  CHECK(entries_of(plan_of(text, store, {{}, false, nowhere})) == "a.example:written ");
  CHECK(entries_of(plan_of(text, store, {{"b.example", "a.example"}, false, nowhere})) ==
        "a.example:written ");
}

TEST_CASE("what a file cannot hold stays, and docker goes on asking for it") {
  const std::string text = R"({"auths":{},"credsStore":"keyring"})";
  MemoryStore store;
  store.held["latin.example"] = {"ada", "\xE9"};
  store.held["a.example"] = {"ada", "s3"};
  const auto plan = plan_of(text, store);
  CHECK(entries_of(plan) == "a.example:written latin.example:kept ");
  CHECK(plan.new_text ==
        R"({"auths":{"a.example":{"auth":"YWRhOnMz"}},"credHelpers":{"latin.example":"keyring"}})");
}

TEST_CASE("Docker Hub gets the key that docker looks for") {
  MemoryStore store;
  store.held["docker.io"] = {"ada", "s3"};
  CHECK(entries_of(plan_of("{}", store)) == "https://index.docker.io/v1/:written ");
  CHECK(entries_of(plan_of("{}", store, {{"index.docker.io"}})) ==
        "https://index.docker.io/v1/:written ");
}

TEST_CASE("another login under another spelling gets an entry of its own") {
  MemoryStore store;
  store.held["https://a.example"] = {"ada", "s3"};
  store.held["a.example"] = {"bob", "s4"};
  CHECK(entries_of(plan_of(R"({"auths":{"https://a.example":{}}})", store)) ==
        "https://a.example:written a.example:written ");
  store.held["a.example"] = {"ada", "s3"};
  CHECK(entries_of(plan_of(R"({"auths":{"https://a.example":{}}})", store)) ==
        "https://a.example:written ");
}

TEST_CASE("a store that is locked changes nothing, and one that is refused is not asked again") {
  MemoryStore store;
  store.held["a.example"] = {"ada", "s3"};
  store.held["b.example"] = {"bob", "s4"};
  const std::string text = R"({"auths":{"a.example":{}},"credsStore":"keyring"})";
  store.fail_get = Errc::locked;
  const auto plan = plan_of(text, store);
  CHECK(entries_of(plan) == "a.example:kept b.example:kept ");
  CHECK_FALSE(plan.new_text);
  REQUIRE(plan.failure);
  CHECK(plan.failure->code() == Errc::locked);
  store.fail_get = Errc::refused;
  store.touched.clear();
  CHECK_THROWS_AS(static_cast<void>(plan_of(text, store)), Error);
  CHECK(store.touched.size() == 1);
}

TEST_CASE("a file that is not docker's is not written") {
  MemoryStore store;
  CHECK_THROWS_WITH_AS(static_cast<void>(plan_of("[]", store)), doctest::Contains("config.json: "),
                       Error);
}

TEST_CASE("migrate and back: every byte") {
  const std::string token =
      R"({"auth":"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==","identitytoken":"ey.J"})";
  const std::string documents[] = {
      R"({"auths":{"h":{"auth":"YWRhOnMz"},"https://index.docker.io/v1/":{"auth":"Ym9iOnM0"}}})",
      R"({"auths":{"h":)" + token + "}}",
      R"({"auths":{"h":{"username":"a:b","password":"s3"}}})",
      "{\n\t\"auths\": {\n\t\t\"h\": {\n\t\t\t\"auth\": \"YWRhOnMz\"\n\t\t}\n\t},\n\t\"x\": "
      "[1e300]\n}",
      "{\n  \"credHelpers\": {\"e\": \"ecr-login\"},\n  \"auths\": {\n    \"h\": {\n      "
      "\"auth\": "
      "\"YWRhOnMz\"\n    }\n  }\n}\n\n",
      R"({"auths":{"h":{"auth":"YWRhOnMz"},"bad":{"auth":"?"},"none":{"auth":"YWRhOg=="}}})",
      "{ \"auths\" : { \"h\" : {\"auth\":\"YWRhOnMz\"} , \"\\u0068i\" : {} } }",
      "{}",
  };
  for (const std::string& document : documents) {
    CAPTURE(document);
    const TemporaryFolder folder;
    const auto path = folder.write("config.json", document);
    std::vector<MigrationFile> files;
    files.push_back({ConfigFile(path)});
    MemoryStore store;
    static_cast<void>(run_migration(files, store, false, nullptr));
    const std::string between = folder.read("config.json");
    CHECK(between != document);
    ConfigFile file(path);
    RestorePlan plan = plan_restore({path, between}, store, {});
    run_restore(file, plan, store, {});
    const std::string after = folder.read("config.json");
    if (document.starts_with("{ ")) {  // of what an emptied entry looked like, nothing is left
      CHECK(after == "{ \"auths\" : { \"h\" : { \"auth\" : \"YWRhOnMz\" } , \"\\u0068i\" : {} } }");
    } else {
      CHECK(after == document);
    }
  }
}

TEST_CASE("another program's write between plan and exchange is kept") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", R"({"auths":{"h":{}},"credsStore":"keyring"})");
  MemoryStore store;
  store.held["h"] = {"ada", "s3"};
  ConfigFile file(path);
  RestorePlan plan = plan_restore({path, file.read()}, store, {});
  folder.write("config.json", R"({"auths":{"h":{},"new":{}},"credsStore":"keyring","x":1})");
  store.held["new"] = {"bob", "s4"};
  run_restore(file, plan, store, {});
  CHECK(folder.read("config.json") ==
        R"({"auths":{"h":{"auth":"YWRhOnMz"},"new":{"auth":"Ym9iOnM0"}},"x":1})");
  CHECK(plan.written() == 2);
}

}  // namespace cred::test
