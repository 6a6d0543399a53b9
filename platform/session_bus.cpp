// SPDX-License-Identifier: MIT
#include "platform/session_bus.h"

#include <sys/stat.h>

#include <string_view>

#include "platform/error.h"

namespace cred {
namespace {

constexpr std::string_view kSocketPrefix = "unix:path=";

// A bus of another user would hold another user's secrets, and it sees what we send.
void check_socket(const std::string& path, uid_t uid) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
    throw Error(Errc::unavailable, "there is no D-Bus session bus at " + path);
  }
  if (status.st_uid != uid) {
    throw Error(Errc::unavailable, "the D-Bus session bus at " + path + " belongs to another user");
  }
}

// The path of a "unix:path=…" address, if it is one and needs no unescaping; else empty.
std::string socket_path(std::string_view address) {
  if (!address.starts_with(kSocketPrefix)) return {};
  address.remove_prefix(kSocketPrefix.size());
  const std::string path(address.substr(0, address.find_first_of(",;")));
  return path.find('%') == std::string::npos ? path : std::string();
}

// As a D-Bus address spells a value: everything but these characters by its hexadecimal code.
std::string escaped(std::string_view value) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.";
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (const char c : value) {
    if (kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', kDigits[byte / 16], kDigits[byte % 16]};
    }
  }
  return result;
}

}  // namespace

std::string find_session_bus(const Environment& environment) {
  if (const auto address = environment.get("DBUS_SESSION_BUS_ADDRESS")) {
    if (address->find("autolaunch:") != std::string::npos) {
      throw Error(Errc::unavailable, "DBUS_SESSION_BUS_ADDRESS asks to launch a bus");
    }
    const std::string path = socket_path(*address);
    if (!path.empty()) check_socket(path, environment.uid);
    return *address;
  }
  const std::string path = environment.runtime_folder() / "bus";
  check_socket(path, environment.uid);
  return std::string(kSocketPrefix) + escaped(path);
}

}  // namespace cred
