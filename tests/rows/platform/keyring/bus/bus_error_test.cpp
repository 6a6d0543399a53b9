// SPDX-License-Identifier: MIT
// From the name of a D-Bus error to its meaning and text.
#include "platform/keyring/bus/bus_error.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("D-Bus errors: their meaning, and what people read") {
  struct Row {
    std::string name;
    Errc code;
    std::string text;
  };
  const std::string locked = "the keyring is locked";
  const std::string late = "the keyring did not answer in time";
  const std::string unreached = "cannot reach the keyring: why";
  const std::string failed = "the keyring failed: why";
  const Row rows[] = {
      {"org.freedesktop.Secret.Error.IsLocked", Errc::locked, locked},
      {"org.freedesktop.Secret.Error.NoSuchObject", Errc::no_object, failed},
      {"org.freedesktop.DBus.Error.UnknownObject", Errc::no_object, failed},
      {"org.freedesktop.DBus.Error.UnknownMethod", Errc::no_object, failed},
      {"org.freedesktop.DBus.Error.UnknownInterface", Errc::no_object, failed},
      {"org.freedesktop.DBus.Error.NoReply", Errc::timed_out, late},
      {"org.freedesktop.DBus.Error.Timeout", Errc::timed_out, late},
      {"org.freedesktop.DBus.Error.TimedOut", Errc::timed_out, late},
      {"org.freedesktop.DBus.Error.ServiceUnknown", Errc::unavailable, unreached},
      {"org.freedesktop.DBus.Error.NameHasNoOwner", Errc::unavailable, unreached},
      {"org.freedesktop.DBus.Error.Disconnected", Errc::unavailable, unreached},
      {"org.freedesktop.DBus.Error.Spawn.ExecFailed", Errc::unavailable, unreached},
      {"org.freedesktop.systemd1.UnitMasked", Errc::unavailable, unreached},
      {"System.Error.EACCES", Errc::bus_refused, unreached},
      {"System.Error.ECONNRESET", Errc::unavailable, unreached},
      {"org.freedesktop.DBus.Error.AccessDenied", Errc::keyring_failed, failed},
      {"org.freedesktop.DBus.Error.Failed", Errc::keyring_failed, failed},
      {"", Errc::keyring_failed, failed},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name.c_str()) {
      const Errc code = meaning_of(row.name);
      CHECK(code == row.code);
      const Error error = keyring_error(code, "why");
      CHECK(error.code() == row.code);
      CHECK(error.what() == row.text);
    }
  }
}

TEST_CASE("of a D-Bus error's text, which may be long, the start is told") {
  const std::string start = "the keyring failed: ";
  const auto told = [](const std::string& text) {
    return std::string(keyring_error(Errc::keyring_failed, text).what());
  };
  CHECK(told(std::string(200, 'x')) == start + std::string(200, 'x'));
  CHECK(told(std::string(1U << 20U, 'x')) == start + std::string(200, 'x') + "...");
  CHECK(told(std::string(199, 'x') + "\u00e4\u00e4") == start + std::string(199, 'x') + "...");
  CHECK(told(std::string(1U << 20U, '\x80')) == start + "...");
}

}  // namespace cred::test
