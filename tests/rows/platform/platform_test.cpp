// SPDX-License-Identifier: MIT
// Rows for the small parts of platform/ that need no keyring.
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sstream>

#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/files.h"
#include "platform/store/server_index.h"
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

TEST_CASE("the index remembers, and never stops the work") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "state" / "servers.json";
  const std::vector<std::string> two{"a", "b"};
  SUBCASE("across processes") {
    ServerIndex(path).add_seen(two, kKeyringId);
    const ServerIndex again(path);
    CHECK(again.names("a", kKeyringId));
    CHECK_FALSE(again.names("a", kVaultId));
    CHECK_FALSE(again.names("c", kKeyringId));
    CHECK_FALSE(again.is_complete(kKeyringId));
    CHECK(again.servers(kKeyringId) == two);
  }
  SUBCASE("removal of some") {
    ServerIndex index(path);
    index.add_seen(two, kKeyringId);
    index.set_complete(kKeyringId);
    index.remove({{"a"}}, kKeyringId);
    index.remove({{"b"}}, kVaultId);
    const ServerIndex again(path);
    CHECK(again.is_complete(kKeyringId));
    CHECK(again.servers(kKeyringId) == std::vector<std::string>{"b"});
  }
  SUBCASE("which of two stores counts") {
    ServerIndex index(path);
    index.add_stored({{"a"}}, kVaultId);
    index.add_seen({{"a"}}, kKeyringId);
    CHECK(index.holder("a") == kVaultId);
    index.add_stored({{"a"}}, kKeyringId);
    CHECK(index.holder("a") == kKeyringId);
    CHECK(index.names("a", kVaultId));
    index.mark_stale({{"a"}}, kVaultId);
    index.add_seen({{"a"}}, kVaultId);  // a stale copy that is seen again stays stale
    const ServerIndex again(path);
    CHECK_FALSE(again.names("a", kVaultId));
    CHECK(again.is_stale("a", kVaultId));
    CHECK(again.stale_servers(kVaultId) == std::vector<std::string>{"a"});
    index.remove({{"a"}}, kKeyringId);
    CHECK_FALSE(index.holder("a"));
    CHECK(ServerIndex(path).is_stale("a", kVaultId));
    index.remove({{"a"}}, kVaultId);
    CHECK_FALSE(ServerIndex(path).is_stale("a", kVaultId));
  }
  SUBCASE("as the version before wrote it") {
    folder.write("state/servers.json", R"({"complete":true,"servers":{"a":{"store":"keyring"}}})");
    CHECK(ServerIndex(path).is_complete(kKeyringId));
    CHECK(ServerIndex(path).holder("a") == kKeyringId);
  }
  SUBCASE("as a later version may write it") {
    folder.write(
        "state/servers.json",
        R"({"complete":["keyring"],"more":{"store":["x",{"servers":1}],"complete":["vault"]},)"
        R"("servers":{"a":{"also":["vault"],"since":{"store":"x","y":[1,null]},)"
        R"("stale":["pass"],"store":"keyring"}}})");
    const ServerIndex index(path);
    CHECK(index.servers(kKeyringId) == std::vector<std::string>{"a"});
    CHECK(index.holder("a") == kKeyringId);
    CHECK(index.names("a", kVaultId));
    CHECK(index.is_complete(kKeyringId));
    CHECK_FALSE(index.is_complete(kVaultId));
    CHECK(index.is_stale("a", StoreId("pass")));
    CHECK_FALSE(index.names("a", StoreId("x")));
  }
  SUBCASE("two writers") {
    ServerIndex one(path);
    ServerIndex other(path);
    CHECK(other.servers(kKeyringId).empty());
    one.add_seen({{"a"}}, kKeyringId);
    other.add_seen({{"b"}}, kKeyringId);
    CHECK(ServerIndex(path).servers(kKeyringId) == two);
  }
  SUBCASE("broken") {
    for (const char* text :
         {"", "{", "[]", R"({"servers":[]})", R"({"servers":{"a":1}})", R"({"servers":{"a":[]}})",
          R"({"servers":{"a":{}}})", R"({"servers":{"a":{"store":1}}})",
          R"({"servers":{"a":{"store":["keyring"]}}})",
          R"({"servers":{"a":{"store":"keyring","also":"vault"}}})",
          R"({"servers":{"a":{"store":"keyring","stale":[{"x":"vault"}]}}})",
          R"({"complete":{"x":"keyring"},"servers":{}})",
          R"({"complete":["keyring",1],"servers":{}})", R"({"complete":["keyring"]})", "\xff"}) {
      folder.write("state/servers.json", text);
      ServerIndex index(path);
      CHECK(index.servers(kKeyringId).empty());
      CHECK_FALSE(index.is_complete(kKeyringId));
      index.add_seen(two, kKeyringId);
      CHECK(ServerIndex(path).servers(kKeyringId) == two);
    }
  }
  SUBCASE("not to be written") {
    ServerIndex index("/proc/none/servers.json");
    index.add_seen(two, kKeyringId);
    CHECK(index.servers(kKeyringId) == two);  // this process goes on with it
  }
  SUBCASE("nothing new is not written") {
    ServerIndex(path).add_seen(two, kKeyringId);
    const auto before = std::filesystem::last_write_time(path);
    ServerIndex(path).add_seen({{"a"}}, kKeyringId);
    CHECK(std::filesystem::last_write_time(path) == before);
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
