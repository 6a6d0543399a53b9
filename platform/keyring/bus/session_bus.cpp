// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/session_bus.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <sstream>
#include <string_view>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

constexpr std::string_view kSocketPrefix = "unix:path=";

// Another user's bus would give that user's secrets, and would read what we send.
void check_socket(const std::string& path, uid_t uid) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0 && !says_absent(errno)) {
    throw Error(Errc::bus_refused, "the D-Bus session bus: " + why_unseen(path, errno));
  }
  if (!S_ISSOCK(status.st_mode)) {
    throw Error(Errc::unavailable, "there is no D-Bus session bus at " + path);
  }
  if (status.st_uid != uid) {
    throw Error(Errc::bus_refused, "the D-Bus session bus at " + path + " belongs to another user");
  }
}

// Whether nothing is at `path`, or a socket of this user's to which nobody listens any more: nobody
// comes to another user's.
bool is_left_behind(const std::string& path, uid_t uid) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return says_absent(errno);
  sockaddr_un address = {};
  if (!S_ISSOCK(status.st_mode) || status.st_uid != uid || path.size() >= sizeof address.sun_path)
    return false;
  const Fd probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  return probe &&
         connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

// Undoes the hexadecimal codes of a D-Bus address.
std::string unescaped(std::string_view value) {
  std::string result;
  for (std::size_t i = 0; i < value.size(); ++i) {
    unsigned byte = 0;
    const std::string_view code = value.substr(std::min(i + 1, value.size()), 2);
    if (value[i] == '%' && code.size() == 2 &&
        std::from_chars(code.data(), code.data() + 2, byte, 16).ptr == code.data() + 2) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += value[i];
    }
  }
  return result;
}

// Checks one address of a list, if it names a socket in the file system; others are taken as they
// are.
void check_address(std::string_view address, uid_t uid) {
  if (!address.starts_with(kSocketPrefix)) return;
  address.remove_prefix(kSocketPrefix.size());
  check_socket(unescaped(address.substr(0, address.find(','))), uid);
}

// Those of a list of addresses, separated by semicolons, that may be used. Throws if there is none.
std::string usable_addresses(const std::string& list, uid_t uid) {
  std::string usable;
  std::optional<Error> refusal;
  std::istringstream addresses(list);
  for (std::string address; std::getline(addresses, address, ';');) {
    try {
      check_address(address, uid);
      usable += (usable.empty() ? "" : ";") + address;
    } catch (const Error& failure) {
      refusal = failure;
    }
  }
  if (usable.empty() && refusal) throw Error(*refusal);
  return usable;
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

// Whether nobody answers at any of the addresses, which all are paths: a terminal that outlives its
// session keeps them. What switches the bus off is no such list, nor is another user's bus.
bool is_stale(const std::string& list, uid_t uid) {
  std::istringstream addresses(list);
  for (std::string address; std::getline(addresses, address, ';');) {
    if (!address.starts_with(kSocketPrefix)) return false;
    std::string_view value = address;
    value.remove_prefix(kSocketPrefix.size());
    if (!is_left_behind(unescaped(value.substr(0, value.find(','))), uid)) return false;
  }
  return true;
}

// Where logind has the bus made.
std::string own_socket(const Environment& environment) {
  return environment.runtime_folder() / "bus";
}

std::string own_bus(const Environment& environment) {
  const std::string path = own_socket(environment);
  check_socket(path, environment.uid);
  return std::string(kSocketPrefix) + escaped(path);
}

}  // namespace

std::string find_session_bus(const Environment& environment) {
  if (const auto address = environment.get("DBUS_SESSION_BUS_ADDRESS")) {
    if (address->find("autolaunch:") != std::string::npos) {
      throw Error(Errc::unavailable, "DBUS_SESSION_BUS_ADDRESS asks to launch a bus");
    }
    const bool is_own = unescaped(*address).find(own_socket(environment)) != std::string::npos;
    if (is_own || !is_stale(*address, environment.uid))
      return usable_addresses(*address, environment.uid);
    try {
      return own_bus(environment);
    } catch (const Error&) {
      return usable_addresses(*address, environment.uid);  // which says what is wrong with it
    }
  }
  return own_bus(environment);
}

}  // namespace cred
