// SPDX-License-Identifier: MIT
#include "platform/store/settings.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

Environment environment_in(const TemporaryFolder& folder) {
  Environment environment;
  environment.uid = geteuid();
  environment.variables["HOME"] = folder.path();
  return environment;
}

}  // namespace

TEST_CASE("settings.json: what cannot be used is named, and the rest counts") {
  struct Row {
    const char* name;
    std::string text;
    long reply_ms, prompt_ms;
    Prompting prompt;
    bool namespace_fallback;
    bool notes;
  };
  const Row rows[] = {
      {"nothing set", "{}", 5000, 120000, Prompting::automatic, true, false},
      {"all set",
       R"({"reply_timeout_s":0.5,"prompt_timeout_s":2,"prompt":"never","namespace_fallback":false})",
       500, 2000, Prompting::never, false, false},
      {"always", R"({"prompt":"always"})", 5000, 120000, Prompting::always, true, false},
      {"unknown", R"({"promt":"always"})", 5000, 120000, Prompting::automatic, true, true},
      {"auto", R"({"prompt":"auto"})", 5000, 120000, Prompting::automatic, true, false},
      {"wrong types", R"({"reply_timeout_s":"9","prompt":1,"prompt_timeout_s":3})", 5000, 3000,
       Prompting::automatic, true, true},
      {"no time at all", R"({"reply_timeout_s":0})", 5000, 120000, Prompting::automatic, true,
       true},
      {"less than a millisecond", R"({"reply_timeout_s":0.0001})", 5000, 120000,
       Prompting::automatic, true, true},
      {"below zero", R"({"reply_timeout_s":-1})", 5000, 120000, Prompting::automatic, true, true},
      {"endless", R"({"reply_timeout_s":1e300})", 5000, 120000, Prompting::automatic, true, true},
      {"not JSON", "{", 5000, 120000, Prompting::automatic, true, true},
      {"not an object", "[]", 5000, 120000, Prompting::automatic, true, true},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      folder.write(".config/docker-credential-keyring/settings.json", row.text);
      std::ostringstream notes;
      const Settings settings = read_settings(environment_in(folder), Notes(notes));
      CHECK(settings.reply_timeout.count() == row.reply_ms);
      CHECK(settings.prompt_timeout.count() == row.prompt_ms);
      CHECK(settings.prompt == row.prompt);
      CHECK(settings.namespace_fallback == row.namespace_fallback);
      CHECK(notes.str().empty() != row.notes);
    }
  }
  SUBCASE("no file") {
    const TemporaryFolder folder;
    std::ostringstream notes;
    CHECK(read_settings(environment_in(folder), Notes(notes)).reply_timeout.count() == 5000);
    CHECK(notes.str().empty());
  }
}

TEST_CASE("what `list` calls a server") {
  struct Row {
    const char* text;
    ListNames names;
    std::size_t problems;
  };
  const Row rows[] = {{"{}", ListNames::docker, 0},
                      {R"({"list_names":"docker"})", ListNames::docker, 0},
                      {R"({"list_names":"containers"})", ListNames::containers, 0},
                      {R"({"list_names":"podman"})", ListNames::docker, 1}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const TemporaryFolder folder;
    folder.write(".config/docker-credential-keyring/settings.json", row.text);
    const Settings settings = read_settings(environment_in(folder));
    CHECK(settings.list_names == row.names);
    CHECK(settings.problems.size() == row.problems);
  }
}

TEST_CASE("where clevis is") {
  struct Row {
    const char* text;
    std::filesystem::path clevis;
    std::size_t problems;
  };
  const Row rows[] = {{"{}", "", 0},
                      {R"({"clevis":"/opt/clevis"})", "/opt/clevis", 0},
                      {R"({"clevis":"clevis"})", "", 1},
                      {R"({"clevis":7})", "", 1}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const TemporaryFolder folder;
    folder.write(".config/docker-credential-keyring/settings.json", row.text);
    const Settings settings = read_settings(environment_in(folder));
    CHECK(settings.clevis == row.clevis);
    CHECK(settings.problems.size() == row.problems);
  }
}

TEST_CASE("a vault that is shared") {
  const TemporaryFolder folder;
  const auto file = folder.write(
      ".config/docker-credential-keyring/settings.json",
      R"({"vault_at":"etcd://e1/dck","vault_id":"d57d","vault_ca":"/ca","vault_cert":"/cert",)"
      R"("vault_cert_key":"/key","vault_password_file":"/word","key_file":"/fleet",)"
      R"("vault_copy_max_age_s":60})");
  const Settings settings = read_settings(environment_in(folder));
  CHECK(settings.problems.empty());
  CHECK(settings.shared.at == "etcd://e1/dck");
  CHECK(settings.shared.id == "d57d");
  CHECK(settings.shared.ca == "/ca");
  CHECK(settings.shared.cert == "/cert");
  CHECK(settings.shared.cert_key == "/key");
  CHECK(settings.shared.password_file == "/word");
  CHECK(settings.key_file == "/fleet");
  CHECK(settings.copy_max_age.count() == 60);
  SUBCASE("whose settings others may write is shared by nobody") {
    REQUIRE(chmod(file.c_str(), 0666) == 0);
    const Settings open = read_settings(environment_in(folder));
    CHECK(open.shared.at.empty());
    CHECK(open.shared.id.empty());
    CHECK(open.key_file.empty());
    CHECK(open.problems.size() == 7);
  }
  for (const char* age : {"-1", "0.5", "\"60\"", "999999999999"}) {
    CAPTURE(age);
    folder.write(".config/docker-credential-keyring/settings.json",
                 R"({"vault_copy_max_age_s":)" + std::string(age) + "}");
    CHECK(read_settings(environment_in(folder)).copy_max_age == std::chrono::hours(24));
  }
}

TEST_CASE("a setting that there is not is named, with the one that was meant") {
  const struct {
    const char* text;
    std::string says;
  } rows[] = {
      {R"({"promt":"never"})", "there is no setting \"promt\"; did you mean \"prompt\"?"},
      {R"({"colour":1})", "there is no setting \"colour\"; there are store, prompt, "},
      {R"({"prompt":"nie"})", "\"prompt\" takes auto, always or never; the default applies"},
      {R"({"clevis":"bin"})", "\"clevis\" takes the path of a program"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const TemporaryFolder folder;
    folder.write(".config/docker-credential-keyring/settings.json", row.text);
    const Settings settings = read_settings(environment_in(folder));
    REQUIRE(settings.problems.size() == 1);
    CHECK(settings.problems[0].text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("programs count where nobody else may write the settings that name them") {
  const TemporaryFolder folder;
  const auto file = folder.write(".config/docker-credential-keyring/settings.json",
                                 R"({"key_command":"pass show vault","clevis":"/opt/clevis"})");
  REQUIRE(chmod(file.parent_path().c_str(), 0700) == 0);
  for (const mode_t mode : {0600U, 0644U, 0620U, 0602U}) {
    CAPTURE(mode);
    REQUIRE(chmod(file.c_str(), mode) == 0);
    const Settings settings = read_settings(environment_in(folder));
    const bool counts = (mode & 022U) == 0;
    CHECK(settings.key_command == (counts ? "pass show vault" : ""));
    CHECK(settings.clevis == (counts ? "/opt/clevis" : ""));
    CHECK(settings.problems.size() == (counts ? 0 : 2));
  }
  REQUIRE(chmod(file.parent_path().c_str(), 0770) == 0);
  CHECK(read_settings(environment_in(folder)).key_command.empty());
  CHECK(read_settings(environment_in(folder)).clevis.empty());
}

TEST_CASE("what a command of ours starts asks nobody, and runs no key command") {
  const TemporaryFolder folder;
  Environment environment = environment_in(folder);
  environment.variables[kInsideVariable] = "1";
  const Settings settings = read_settings(environment);
  CHECK(settings.is_inside);
  CHECK(settings.prompt == Prompting::never);
}

TEST_CASE("what cannot be used comes as a value, by its kind") {
  using Kind = SettingsProblem::Kind;
  const TemporaryFolder folder;
  Environment environment = environment_in(folder);
  const std::string name = ".config/docker-credential-keyring/settings.json";
  SUBCASE("the file") {
    folder.write(name, R"({"store":"attic","prompt":"never","reply_timeout_s":-1})");
    const Settings settings = read_settings(environment);
    REQUIRE(settings.problems.size() == 2);
    CHECK(settings.problems[1].kind == Kind::file_unusable);
    CHECK(settings.problems[1].text ==
          "settings.json: \"store\" takes auto, keyring, vault or forward; the default applies");
    CHECK(settings.prompt == Prompting::never);
    CHECK_FALSE(settings.store);
  }
  SUBCASE("a folder in its place") {
    folder.write(name + "/x", "");
    const Settings settings = read_settings(environment);
    REQUIRE(settings.problems.size() == 1);
    CHECK(settings.problems[0].kind == Kind::file_unreadable);
  }
  SUBCASE("the variable") {
    environment.variables["DOCKER_CREDENTIAL_KEYRING_STORE"] = "attic";
    folder.write(name, R"({"store":"vault"})");
    const Settings settings = read_settings(environment);
    REQUIRE(settings.problems.size() == 1);
    CHECK(settings.problems[0].kind == Kind::variable_unusable);
    CHECK(settings.problems[0].text ==
          "DOCKER_CREDENTIAL_KEYRING_STORE takes auto, keyring, vault or forward; it counts as not "
          "set");
    CHECK(settings.store == kVaultId);
  }
  SUBCASE("the variable counts before the file") {
    environment.variables["DOCKER_CREDENTIAL_KEYRING_STORE"] = "keyring";
    folder.write(name, R"({"store":"vault"})");
    CHECK(read_settings(environment).store == kKeyringId);
    environment.variables["DOCKER_CREDENTIAL_KEYRING_STORE"] = "auto";
    CHECK_FALSE(read_settings(environment).store);
  }
}

}  // namespace cred::test
