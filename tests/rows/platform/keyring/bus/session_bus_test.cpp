// SPDX-License-Identifier: MIT
// Which session bus is this user's.
#include "platform/keyring/bus/session_bus.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "platform/system/error.h"
#include "platform/system/file.h"
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

TEST_CASE("which bus is ours") {
  const TemporaryFolder folder;
  Environment environment = environment_in(folder);
  environment.variables["XDG_RUNTIME_DIR"] = folder.path();
  const auto refused = [&] {
    try {
      static_cast<void>(find_session_bus(environment));
      return false;
    } catch (const Error& failure) {
      return is_out_of_reach(failure.code());
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
  SUBCASE("a stale address, and a bus in the runtime folder") {
    const std::string own = "unix:path=" + (folder.path() / "bus").string();
    const Fd socket = listen_at(folder.path() / "bus");
    REQUIRE(listen(socket.get(), 1) == 0);
    static_cast<void>(listen_at(folder.path() / "dead"));  // and closed at once
    const std::string dead = "unix:path=" + (folder.path() / "dead").string();
    struct Row {
      std::string address;
      std::string bus;
    };
    const Row rows[] = {
        {"unix:path=/nonexistent/bus", own},
        {"unix:path=/nonexistent/bus,guid=00;" + dead, own},
        {dead, own},
        {own + ",guid=00", own + ",guid=00"},
        {own + ",guid=00;", own + ",guid=00"},
        {"unix:guid=00,path=" + own.substr(10), "unix:guid=00,path=" + own.substr(10)},
        {"unix:path=/nonexistent/bus;unix:abstract=x", "unix:abstract=x"}};
    for (const Row& row : rows) {
      CAPTURE(row.address);
      environment.variables["DBUS_SESSION_BUS_ADDRESS"] = row.address;
      CHECK(find_session_bus(environment) == row.bus);
    }
    for (const std::string& address :
         {std::string("unix:path=/dev/null"), std::string("disabled:"),  // switched off
          std::string("tcp:host=localhost,port=1"), own + ";tcp:host=localhost,port=1",
          std::string("unixexec:path=/bin/true"), std::string("unix:tmpdir=/tmp"),
          std::string("unix:"), std::string("unix:path"), std::string("unix"), own + "%2",
          own + "%zz"}) {
      CAPTURE(address);
      environment.variables["DBUS_SESSION_BUS_ADDRESS"] = address;
      CHECK(refused());
    }
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

}  // namespace cred::test
