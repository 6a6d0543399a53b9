// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/session_bus.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/socket/unix_socket.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

constexpr const char* kVariable = "DBUS_SESSION_BUS_ADDRESS";

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
  return S_ISSOCK(status.st_mode) && status.st_uid == uid && is_left_by_its_listener(path);
}

[[noreturn]] void refuse_address(const std::string& why, Errc code = Errc::unavailable) {
  throw Error(code, std::string(kVariable) + ' ' + why);
}

// Undoes the hexadecimal codes of a D-Bus address.
std::string unescaped(std::string_view value) {
  std::string result;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      result += value[i];
      continue;
    }
    unsigned byte = 0;
    const std::string_view code = value.substr(i + 1, 2);
    const char* const end = code.data() + code.size();
    if (code.size() != 2 || std::from_chars(code.data(), end, byte, 16).ptr != end) {
      refuse_address("is no address of D-Bus");
    }
    result += static_cast<char>(byte);
    i += 2;
  }
  return result;
}

// One of a list, as the specification of D-Bus has it: "unix:path=/run/user/1000/bus,guid=…".
struct BusAddress {
  std::string text;
  std::string transport;
  std::map<std::string, std::string, std::less<>> keys;

  [[nodiscard]] std::string path() const {
    const auto found = keys.find("path");
    return found == keys.end() ? "" : found->second;
  }
};

BusAddress parse_address(std::string text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) refuse_address("is no address of D-Bus");
  BusAddress address{std::move(text), "", {}};
  address.transport = address.text.substr(0, colon);
  std::istringstream pairs(address.text.substr(colon + 1));
  for (std::string pair; std::getline(pairs, pair, ',');) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) refuse_address("is no address of D-Bus");
    address.keys[pair.substr(0, equals)] = unescaped(std::string_view(pair).substr(equals + 1));
  }
  return address;
}

// Throws where one of them is no socket of this machine: whoever listens there gets what is sent.
std::vector<BusAddress> parse_addresses(const std::string& list) {
  std::vector<BusAddress> addresses;
  std::istringstream texts(list);
  for (std::string text; std::getline(texts, text, ';');) {
    if (text.empty()) continue;
    const BusAddress& address = addresses.emplace_back(parse_address(std::move(text)));
    if (address.transport == "autolaunch" || address.transport == "disabled") {
      refuse_address("is " + address.transport + ":, and no bus is launched");
    }
    if (address.transport != "unix") {
      refuse_address("names a bus by " + address.transport + ":, and only unix: is this user's own",
                     Errc::bus_refused);
    }
  }
  return addresses;
}

void check_address(const BusAddress& address, uid_t uid) {
  if (!address.path().empty()) return check_socket(address.path(), uid);
  // Whose it is shows once it is connected: check_peer().
  if (!address.keys.contains("abstract")) refuse_address("names no socket");
}

// Those of the addresses that may be used. Throws if there is none.
std::string usable_addresses(const std::vector<BusAddress>& addresses, uid_t uid) {
  std::string usable;
  std::optional<Error> refusal;
  for (const auto& address : addresses) {
    try {
      check_address(address, uid);
      usable += (usable.empty() ? "" : ";") + address.text;
    } catch (const Error& failure) {
      refusal = failure;
    }
  }
  if (!usable.empty()) return usable;
  throw refusal ? Error(*refusal) : Error(Errc::unavailable, std::string(kVariable) + " is empty");
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
// session keeps them. Another user's bus is no such one.
bool is_stale(const std::vector<BusAddress>& addresses, uid_t uid) {
  return std::ranges::all_of(addresses, [&](const BusAddress& address) {
    return !address.path().empty() && is_left_behind(address.path(), uid);
  });
}

// Where logind has the bus made.
std::string own_socket(const Environment& environment) {
  return environment.runtime_folder() / "bus";
}

std::string own_bus(const Environment& environment) {
  const std::string path = own_socket(environment);
  check_socket(path, environment.uid);
  return "unix:path=" + escaped(path);
}

}  // namespace

bool speaks_to_a_bus() { return true; }

std::string find_session_bus(const Environment& environment) {
  const auto list = environment.get(kVariable);
  if (!list) return own_bus(environment);
  const auto addresses = parse_addresses(*list);
  const std::string own = own_socket(environment);
  const bool is_own = std::ranges::any_of(
      addresses, [&](const BusAddress& address) { return address.path() == own; });
  if (!is_own && is_stale(addresses, environment.uid)) {
    try {
      return own_bus(environment);
    } catch (const Error&) {
      return usable_addresses(addresses, environment.uid);  // which says what is wrong with it
    }
  }
  return usable_addresses(addresses, environment.uid);
}

void check_peer(int connection) {
  if (peer_of(connection).uid == geteuid()) return;
  throw Error(Errc::bus_refused, "the D-Bus session bus belongs to another user");
}

}  // namespace cred
