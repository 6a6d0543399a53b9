// SPDX-License-Identifier: MIT
// Rows for the small parts of platform/ that need no keyring.
#include <doctest/doctest.h>
#include <unistd.h>

#include <sstream>

#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/system/secret.h"
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

TEST_CASE("secrets are compared whole") {
  CHECK(same_secret(Secret("abc"), Secret("abc")));
  CHECK_FALSE(same_secret(Secret("abc"), Secret("abd")));
  CHECK_FALSE(same_secret(Secret("abc"), Secret("abcd")));
  CHECK(same_secret(Secret(), Secret("")));
  Secret moved("abc");
  const Secret taken = std::move(moved);
  CHECK(taken.reveal() == "abc");
}

TEST_CASE("where things lie") {
  Environment environment;
  environment.uid = 1234;
  environment.account_home = "/home/account";
  SUBCASE("by the account") {
    CHECK(environment.home() == "/home/account");
    CHECK(environment.runtime_folder() == "/run/user/1234");
  }
  SUBCASE("by HOME") {
    environment.variables["HOME"] = "/home/ada";
    CHECK(environment.config_folder() == "/home/ada/.config/docker-credential-keyring");
    CHECK(environment.state_folder() == "/home/ada/.local/state/docker-credential-keyring");
    CHECK(environment.data_home() == "/home/ada/.local/share");
  }
  SUBCASE("by the XDG variables, relative ones ignored") {
    environment.variables["HOME"] = "/home/ada";
    environment.variables["XDG_STATE_HOME"] = "/state";
    environment.variables["XDG_CONFIG_HOME"] = "config";
    CHECK(environment.state_folder() == "/state/docker-credential-keyring");
    CHECK(environment.config_folder() == "/home/ada/.config/docker-credential-keyring");
  }
}

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
      {"always", R"({"prompt":"always","unknown":1})", 5000, 120000, Prompting::always, true,
       false},
      {"auto", R"({"prompt":"auto"})", 5000, 120000, Prompting::automatic, true, false},
      {"wrong types", R"({"reply_timeout_s":"9","prompt":1,"prompt_timeout_s":3})", 5000, 3000,
       Prompting::automatic, true, true},
      {"no time at all", R"({"reply_timeout_s":0})", 5000, 120000, Prompting::automatic, true,
       true},
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

TEST_CASE("a program is found as a shell finds it") {
  const TemporaryFolder folder;
  folder.write("one/tool", "");
  const auto tool = folder.write("two/tool", "");
  std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
  Environment environment;
  environment.variables["PATH"] =
      (folder.path() / "one").string() + ':' + (folder.path() / "two").string();
  CHECK(find_program(environment, "tool") == tool);
  CHECK_FALSE(find_program(environment, "other"));
  CHECK_FALSE(is_this_program(tool));
  CHECK(is_this_program("/proc/self/exe"));
}

TEST_CASE("a lock is held by one, for as long as it lives") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  using std::chrono::milliseconds;
  {
    const auto held = FileLock::acquire(path, milliseconds(0));
    CHECK(held);
    CHECK_FALSE(FileLock::acquire(path, milliseconds(20)));
  }
  CHECK(FileLock::acquire(path, milliseconds(0)));
}

}  // namespace cred::test
