// SPDX-License-Identifier: MIT
#include "helper/migrate/gone_helper.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "platform/helper_store.h"
#include "platform/system/process.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("what a helper had that is gone") {
  struct Row {
    const char* name;
    std::string text;
    std::string servers;
  };
  const Row rows[] = {
      {"for everything", R"({"auths":{"a":{},"https://b/v1/":{}},"credsStore":"gone"})",
       "a https://b/v1/ "},
      {"for one, by its entry", R"({"auths":{"https://a/v1/":{}},"credHelpers":{"a":"gone"}})",
       "https://a/v1/ "},
      {"for one that has no entry", R"({"credHelpers":{"a":"gone"}})", "a "},
      {"the file has it", R"({"auths":{"a":{"auth":"YWRhOnMz"}},"credsStore":"gone"})", ""},
      {"another helper has it",
       R"({"auths":{"a":{},"b":{}},"credsStore":"gone","credHelpers":{"a":"pass","b":""}})", ""},
      {"two spellings", R"({"auths":{"a":{},"https://a":{}},"credsStore":"gone"})", "a "},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const SourceFile file{"config.json", row.text};
      const auto source = open_gone_helper({}, "gone");
      std::string servers;
      for (const auto& given : credentials_of_gone("gone", *source, {&file, 1}).credentials) {
        CHECK(given.refusal);
        servers += given.server + ' ';
      }
      CHECK(servers == row.servers);
    }
  }
}

TEST_CASE("the place of a helper that is gone is taken, and what it had is named") {
  const SourceFile file{
      "config.json", R"({"auths":{"a":{},"known":{},"p":{"auth":"YWRhOnMz"}},"credsStore":"gone",)"
                     R"("credHelpers":{"c":"gone","o":"other"}})"};
  const auto source = open_gone_helper({}, "gone");
  MemoryStore store;
  store.held["https://known"] = {"ada", "s3"};
  const auto from = credentials_of_gone("gone", *source, {&file, 1});
  const auto plan = plan_migration({&file, 1}, store, false, {}, &from);
  CHECK(
      plan.files.front().new_text ==
      R"({"auths":{"a":{},"known":{},"p":{}},"credsStore":"keyring","credHelpers":{"o":"other"}})");
  std::string lost;
  for (const auto& entry : plan.files.back().entries) {
    CHECK(entry.action == Action::skipped);
    CHECK(entry.is_lost);
    lost += entry.server + ' ';
  }
  CHECK(lost == "a c ");
}

TEST_CASE("what a helper had in two files is named once, however it is spelt") {
  const std::vector<SourceFile> files{
      {"one.json", R"({"auths":{"a.example":{}},"credsStore":"gone"})"},
      {"two.json", R"({"auths":{"https://a.example":{},"b.example":{}},"credsStore":"gone"})"}};
  const auto source = open_gone_helper({}, "gone");
  std::string servers;
  for (const auto& given : credentials_of_gone("gone", *source, files).credentials) {
    servers += given.server + ' ';
  }
  CHECK(servers == "a.example b.example ");
}

TEST_CASE("a link to this program is known by its program") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"PATH", folder.path()}};
  const SourceFile file{"config.json",
                        R"({"credsStore":"keyring","credHelpers":{"h":"../x","i":"pass"}})"};
  folder.write("docker-credential-pass", "#!/bin/sh\n");
  CHECK_FALSE(find_alias(environment, {&file, 1}));
  std::filesystem::remove(folder.path() / "docker-credential-pass");
  std::filesystem::create_symlink(own_program(), folder.path() / "docker-credential-pass");
  CHECK(find_alias(environment, {&file, 1}) == "pass");
}

TEST_CASE("when a helper is gone") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"PATH", folder.path()}};
  const SourceFile file{"config.json", R"({"credsStore":"desktop","credHelpers":{"h":"../x"}})"};
  const auto is_gone = [&](const std::string& helper) {
    return why_gone(helper, environment, {&file, 1}).has_value();
  };
  CHECK(is_gone("desktop"));
  CHECK_FALSE(is_gone("desktpo"));  // which nobody names
  CHECK_FALSE(is_gone("../x"));
  CHECK_FALSE(is_gone(""));
  const auto program = folder.write("docker-credential-desktop", "#!/bin/sh\nexit 1\n");
  CHECK(is_gone("desktop"));  // nobody may start it
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  CHECK_FALSE(is_gone("desktop"));
}

TEST_CASE("a helper that a file names with docker's prefix before it") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"PATH", folder.path()}};
  const std::string named = "docker-credential-pass";
  const SourceFile file{"config.json", R"({"credsStore":")" + named + R"("})"};
  CHECK(why_gone(named, environment, {&file, 1})->reason == named + " is not on PATH");
  CHECK(open_gone_helper(environment, named)->name() == named);
  const auto program = folder.write(named, "#!/bin/sh\nexit 0\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  CHECK_FALSE(why_gone(named, environment, {&file, 1}));
  CHECK(helper_program(environment, named) == named);
  CHECK(helper_program(environment, "pass") == named);
  CHECK(helper_program(environment, "docker-credential-keyring") ==
        "docker-credential-docker-credential-keyring");
}

}  // namespace cred::test
