// SPDX-License-Identifier: MIT
// Rows for the small parts of platform/ that need no keyring.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sstream>

#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/files.h"
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

Fd listen_at(const std::filesystem::path& path) {
  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
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

TEST_CASE("which bus is ours") {
  const TemporaryFolder folder;
  Environment environment = environment_in(folder);
  environment.variables["XDG_RUNTIME_DIR"] = folder.path();
  const auto refused = [&] {
    try {
      static_cast<void>(find_session_bus(environment));
      return false;
    } catch (const Error& failure) {
      return failure.code() == Errc::unavailable;
    }
  };
  SUBCASE("none") { CHECK(refused()); }
  SUBCASE("a file in its place") {
    folder.write("bus", "");
    CHECK(refused());
  }
  SUBCASE("never launched") {
    environment.variables["DBUS_SESSION_BUS_ADDRESS"] = "autolaunch:";
    CHECK(refused());
  }
  SUBCASE("a stale address") {
    environment.variables["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus,guid=00";
    CHECK(refused());
  }
  SUBCASE("the socket in the runtime folder") {
    const Fd socket = listen_at(folder.path() / "bus");
    CHECK(find_session_bus(environment) == "unix:path=" + (folder.path() / "bus").string());
    environment.uid += 1;
    CHECK(refused());
  }
  SUBCASE("a path that an address has to escape") {
    std::filesystem::create_directory(folder.path() / "a,b");
    environment.variables["XDG_RUNTIME_DIR"] = folder.path() / "a,b";
    const Fd socket = listen_at(folder.path() / "a,b" / "bus");
    CHECK(find_session_bus(environment).ends_with("/a%2cb/bus"));
  }
  SUBCASE("of a list, those that can be") {
    const Fd socket = listen_at(folder.path() / "a b");
    const std::string good = "unix:path=" + folder.path().string() + "/a%20b,guid=00";
    environment.variables["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/bus;" + good;
    CHECK(find_session_bus(environment) == good);
  }
  SUBCASE("an address that is no path is taken as it is") {
    environment.variables["DBUS_SESSION_BUS_ADDRESS"] = "unix:abstract=/tmp/dbus-x";
    CHECK(find_session_bus(environment) == "unix:abstract=/tmp/dbus-x");
  }
}

TEST_CASE("keyrings without a password are found") {
  const TemporaryFolder folder;
  folder.write(".local/share/keyrings/login.keyring", "[keyring]\ndisplay-name=login\n");
  folder.write(".local/share/keyrings/safe.keyring", "GnomeKeyring\n\r");
  folder.write(".local/share/keyrings/user.keystore", "[keyring]");
  const auto found = find_unprotected_keyrings(environment_in(folder));
  REQUIRE(found.size() == 1);
  CHECK(found.front().filename() == "login.keyring");
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
