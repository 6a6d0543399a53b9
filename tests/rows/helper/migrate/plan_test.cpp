// SPDX-License-Identifier: MIT
#include "helper/migrate/plan.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "helper/cli/report.h"
#include "helper/migrate/report.h"
#include "platform/system/error.h"
#include "tests/lab/auth_entry.h"
#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

MigrationPlan plan_of(const std::string& text, Store& store, bool replace = false) {
  const SourceFile source{"config.json", text};
  return plan_migration({&source, 1}, store, replace);
}

}  // namespace

TEST_CASE("the plan for one config.json") {
  struct Row {
    const char* name;
    std::string text;
    std::string entries;   // "server:action" of each
    std::string new_text;  // "" if the file is not to be written
    MigrationStatus status;
    int exit_code;
  };
  const std::string ada = auth("ada:s3");
  const Row rows[] = {
      {"one login", R"({"auths":{"h":)" + ada + "}}", "h:moved ",
       R"({"auths":{"h":{}},"credsStore":"keyring"})", MigrationStatus::migrated, 0},
      {"no file", "", "", "{\n\t\"credsStore\": \"keyring\"\n}", MigrationStatus::migrated, 0},
      {"no entries", "{}", "", "{\n\t\"credsStore\": \"keyring\"\n}", MigrationStatus::migrated, 0},
      {"done before", R"({"auths":{"h":{}},"credsStore":"keyring"})", "h:skipped ", "",
       MigrationStatus::unchanged, 0},
      {"one that cannot be read", R"({"auths":{"a":)" + ada + R"(,"b":{"auth":"?"}}})",
       "a:moved b:kept ", R"({"auths":{"a":{},"b":{"auth":"?"}},"credsStore":"keyring"})",
       MigrationStatus::partial, 3},
      {"an empty password stays and works", R"({"auths":{"https://h/v1/":)" + auth("ada:") + "}}",
       "https://h/v1/:kept ",
       R"({"auths":{"https://h/v1/":)" + auth("ada:") +
           R"(},"credsStore":"keyring","credHelpers":{"h":""}})",
       MigrationStatus::partial, 3},
      {"a registry token alone does not count", R"({"auths":{"h":{"registrytoken":"t"}}})",
       "h:kept ", R"({"auths":{"h":{"registrytoken":"t"}},"credsStore":"keyring"})",
       MigrationStatus::migrated, 0},
      {"another helper for all", R"({"auths":{"h":)" + ada + R"(},"credsStore":"pass"})", "h:kept ",
       "", MigrationStatus::partial, 3},
      {"another helper for all, nothing in the file", R"({"credsStore":"pass"})", "", "",
       MigrationStatus::refused, 1},
      {"another helper for one host",
       R"({"auths":{"a":)" + ada + R"(,"b":)" + ada + R"(},"credHelpers":{"b":"pass"}})",
       "a:moved b:kept ",
       R"({"auths":{"a":{},"b":)" + ada + R"(},"credHelpers":{"b":"pass"},"credsStore":"keyring"})",
       MigrationStatus::partial, 3},
      {"our helper for one host, another for all",
       R"({"auths":{"a":)" + ada + R"(},"credHelpers":{"a":"keyring"},"credsStore":"pass"})",
       "a:moved ", R"({"auths":{"a":{}},"credHelpers":{"a":"keyring"},"credsStore":"pass"})",
       MigrationStatus::refused, 1},
      {"one that was to stay moves after all",
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":""},"credsStore":"keyring"})",
       "h:moved ", R"({"auths":{"h":{}},"credsStore":"keyring"})", MigrationStatus::migrated, 0},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      const auto plan = plan_of(row.text, store);
      const auto& file = plan.files.front();
      std::string entries;
      for (const auto& entry : file.entries) {
        entries += entry.server + (entry.action == Action::moved  ? ":moved "
                                   : entry.action == Action::kept ? ":kept "
                                                                  : ":skipped ");
      }
      CHECK(entries == row.entries);
      CHECK(file.new_text.value_or("") == row.new_text);
      CHECK(file.status == row.status);
      CHECK(exit_status(plan) == row.exit_code);
      CHECK(store.held.empty());  // a plan changes nothing
    }
  }
}

TEST_CASE("the place of another helper") {
  struct Row {
    const char* name;
    std::string text;
    std::string new_text;  // "" if the file is not to be written
    MigrationStatus status;
  };
  // "pass" has a credential of a.example, which moves, and one of b.example, which stays.
  const Row rows[] = {
      {"for all", R"({"credsStore":"pass"})",
       R"({"credsStore":"keyring","credHelpers":{"b.example":"pass"}})", MigrationStatus::migrated},
      {"for all, and for single ones",
       R"({"credsStore":"pass","credHelpers":{"a.example":"pass","b.example":"pass","c":"pass"}})",
       R"({"credsStore":"keyring","credHelpers":{"b.example":"pass"}})", MigrationStatus::migrated},
      {"for single ones", R"({"credHelpers":{"a.example":"pass","b.example":"pass","c":"ecr"}})",
       R"({"credHelpers":{"b.example":"pass","c":"ecr"},"credsStore":"keyring"})",
       MigrationStatus::migrated},
      {"for single ones, a third one for the rest",
       R"({"credsStore":"third","credHelpers":{"a.example":"pass","b.example":"pass"}})",
       R"({"credsStore":"third","credHelpers":{"a.example":"keyring","b.example":"pass"}})",
       MigrationStatus::migrated},
      {"for none", R"({"x":1})", R"({"x":1,"credsStore":"keyring"})", MigrationStatus::migrated},
      {"taken before", R"({"credsStore":"keyring","credHelpers":{"b.example":"pass"}})", "",
       MigrationStatus::unchanged},
      {"with logins in the file",
       R"({"auths":{"c":)" + auth("cyd:s5") + R"(,"b.example":)" + auth("bob:s4") +
           R"(},"credsStore":"pass"})",
       R"({"auths":{"c":{},"b.example":)" + auth("bob:s4") +
           R"(},"credsStore":"keyring","credHelpers":{"b.example":"pass"}})",
       MigrationStatus::partial},
      {"with another login in the file, which docker does not see",
       R"({"auths":{"a.example":)" + auth("eve:s6") + R"(},"credsStore":"pass"})",
       R"({"auths":{"a.example":)" + auth("eve:s6") +
           R"(},"credsStore":"keyring","credHelpers":{"b.example":"pass"}})",
       MigrationStatus::partial},
      {"with another login in the file, which docker uses",
       R"({"auths":{"a.example":)" + auth("eve:s6") + "}}",
       R"({"auths":{"a.example":)" + auth("eve:s6") +
           R"(},"credsStore":"keyring","credHelpers":{"a.example":""}})",
       MigrationStatus::partial},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      MemoryStore pass;
      HelperCredentials from{"pass", &pass, {}};
      from.credentials.push_back(
          {"a.example", "ada", Credential{"a.example", "ada", Secret("s3")}, std::nullopt});
      from.credentials.push_back({"b.example", "bob", std::nullopt, Refusal{"no key"}});
      const SourceFile source{"config.json", row.text};
      for (const bool replace : {false, true}) {
        const auto plan = plan_migration({&source, 1}, store, replace, {}, &from);
        REQUIRE(plan.files.size() == 2);
        CHECK(plan.files[0].new_text.value_or("") == row.new_text);
        CHECK(plan.files[0].status == row.status);
        CHECK(plan.files[1].source.path == "memory");
        CHECK(plan.files[1].status == MigrationStatus::partial);
        CHECK(plan.files[1].entries[0].action == Action::moved);
        CHECK(plan.files[1].entries[1].reason == "no key");
        CHECK(exit_status(plan) == exit_partial);
        CHECK(plan.credentials.front().wanted.secret.reveal() == "s3");
      }
    }
  }
}

TEST_CASE("logins of another helper that ours could not give") {
  struct Row {
    const char* name;
    std::string username, secret, reason;
  };
  const Row rows[] = {
      {"no username", "", "s3", "the username is empty"},
      {"no secret", "ada", "", "the password is empty"},
      {"a NUL", "ada", std::string("s\0003", 3), "the login holds a NUL"},
      {"too long", "ada", std::string((1 << 20) + 1, 's'), "is longer than 1048576 bytes"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      MemoryStore pass;
      HelperCredentials from{"pass", &pass, {}};
      from.credentials.push_back(
          {"h", row.username, Credential{"h", row.username, Secret(row.secret)}, std::nullopt});
      const SourceFile source{"config.json", R"({"credsStore":"pass"})"};
      const auto plan = plan_migration({&source, 1}, store, false, {}, &from);
      CHECK(plan.files[1].entries.front().action == Action::kept);
      CHECK(plan.files[1].entries.front().reason == row.reason);
      CHECK_FALSE(plan.files[0].new_text);  // nothing is gained by stepping between
      CHECK(plan.files[0].reason == "docker goes on asking memory, which keeps its logins");
    }
  }
}

TEST_CASE("the plan for one auth.json") {
  struct Row {
    const char* name;
    std::string text;
    std::string entries;   // "server:action" of each
    std::string stored;    // the servers that get a credential
    std::string new_text;  // "" if the file is not to be written
    int exit_code;
  };
  const std::string ada = auth("ada:s3");
  const Row rows[] = {
      {"no entries", "{}", "", "", "", 0},
      {"a blank file", " ", "", "", "", 0},
      {"one login", R"({"auths":{"h":)" + ada + "}}", "h:moved ", "h ", R"({"auths":{}})", 0},
      {"of two, one that cannot be read", R"({"auths":{"h":)" + ada + R"(,"b":{"auth":"?"}}})",
       "h:moved b:kept ", "h ", R"({"auths":{"b":{"auth":"?"}}})", 3},
      {"a part of a registry", R"({"auths":{"h/org":)" + ada + R"(,"h":)" + ada + "}}",
       "h/org:kept h:moved ", "h ", R"({"auths":{"h/org":)" + ada + "}}", 3},
      {"a scheme and a path", R"({"auths":{"https://h/v1/":)" + ada + "}}", "https://h/v1/:moved ",
       "h ", R"({"auths":{}})", 0},
      {"Docker Hub", R"({"auths":{"docker.io":)" + ada + "}}", "docker.io:moved ", "docker.io ",
       R"({"auths":{}})", 0},
      {"an empty entry is not ours", R"({"auths":{"h":{}}})", "h:skipped ", "", "", 0},
      {"an unknown field stays, and so does the entry",
       R"({"auths":{"h":{"auth":"YWRhOnMz","x":1}}})", "h:moved ", "h ",
       R"({"auths":{"h":{"x":1}}})", 0},
      {"credsStore is docker's: not asked, not set",
       R"({"auths":{"h":)" + ada + R"(},"credsStore":"pass"})", "h:moved ", "h ",
       R"({"auths":{},"credsStore":"pass"})", 0},
      {"another helper for one host",
       R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"pass"}})", "h:kept ", "", "", 3},
      {"our helper for one host", R"({"auths":{"h":)" + ada + R"(},"credHelpers":{"h":"keyring"}})",
       "h:moved ", "h ", R"({"auths":{},"credHelpers":{"h":"keyring"}})", 0},
      {"an empty password stays, without an exception that would stop podman",
       R"({"auths":{"h":)" + auth("ada:") + "}}", "h:kept ", "", "", 3},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      MemoryStore store;
      const SourceFile source{"auth.json", row.text, &kAuthFileFormat};
      const auto plan = plan_migration({&source, 1}, store, false);
      const auto& file = plan.files.front();
      std::string entries;
      for (const auto& entry : file.entries) {
        entries += entry.server + (entry.action == Action::moved  ? ":moved "
                                   : entry.action == Action::kept ? ":kept "
                                                                  : ":skipped ");
      }
      std::string stored;
      for (const auto& credential : plan.credentials) stored += credential.wanted.server + ' ';
      CHECK(entries == row.entries);
      CHECK(stored == row.stored);
      CHECK(file.new_text.value_or("") == row.new_text);
      CHECK(exit_status(plan) == row.exit_code);
    }
  }
}

TEST_CASE("a login that is held back stays in its file") {
  SourceFile source{"auth.json", R"({"auths":{"h":)" + auth("ada:s3") + "}}", &kAuthFileFormat};
  source.held_back = Refusal{"nobody would find it"};
  MemoryStore store;
  const auto plan = plan_migration({&source, 1}, store, false);
  CHECK(plan.credentials.empty());
  CHECK_FALSE(plan.files.front().new_text);
  CHECK(plan.files.front().entries.front().reason == "nobody would find it");
}

TEST_CASE("what is lost at logout is said") {
  SourceFile source{"auth.json", R"({"auths":{"h":)" + auth("ada:s3") + "}}", &kAuthFileFormat,
                    true};
  MemoryStore store;
  CHECK(plan_migration({&source, 1}, store, false).files.front().reason.find("logout") !=
        std::string::npos);
  source.text = "{}";
  CHECK(plan_migration({&source, 1}, store, false).files.front().reason.empty());
}

TEST_CASE("a different login that is stored already is replaced only if told to") {
  MemoryStore store;
  store.held["h"] = {"bob", "old"};
  const std::string text = R"({"auths":{"h":)" + auth("ada:s3") + "}}";
  const auto careful = plan_of(text, store);
  CHECK(careful.files.front().entries.front().action == Action::kept);
  CHECK(careful.credentials.empty());
  CHECK(careful.files.front().new_text->find(R"("credHelpers":{"h":""})") != std::string::npos);
  const auto replacing = plan_of(text, store, true);
  CHECK(replacing.files.front().entries.front().action == Action::moved);
  CHECK(replacing.credentials.front().before->username == "bob");
}

TEST_CASE("two files that differ about a server") {
  const std::vector<SourceFile> sources{
      {"one", R"({"auths":{"h":)" + auth("ada:1") + "}}"},
      {"two", R"({"auths":{"h":)" + auth("ada:2") + "}}"},
  };
  MemoryStore store;
  const auto careful = plan_migration(sources, store, false);
  CHECK(careful.files[0].entries.front().action == Action::moved);
  CHECK(careful.files[1].entries.front().action == Action::kept);
  const auto replacing = plan_migration(sources, store, true);
  CHECK(replacing.files[1].entries.front().action == Action::moved);
  REQUIRE(replacing.credentials.size() == 1);
  CHECK(replacing.credentials.front().wanted.secret.reveal() == "2");
}

TEST_CASE("~/.dockercfg is read, never written") {
  const SourceFile source{".dockercfg", R"({"h":)" + auth("ada:s3") + "}", &kDockercfgFormat};
  MemoryStore store;
  const auto plan = plan_migration({&source, 1}, store, false);
  CHECK(plan.credentials.size() == 1);
  CHECK_FALSE(plan.files.front().new_text);
  CHECK(plan.files.front().entries.front().action == Action::kept);
  CHECK(exit_status(plan) == exit_partial);
}

TEST_CASE("a file that is not docker's is refused by name") {
  MemoryStore store;
  const SourceFile source{"/x/config.json", "[]"};
  CHECK_THROWS_WITH_AS(static_cast<void>(plan_migration({&source, 1}, store, false)),
                       doctest::Contains("/x/config.json: "), Error);
}

}  // namespace cred::test
