// SPDX-License-Identifier: MIT
#include "platform/glib_ptr.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "platform/error.h"

namespace cred {
namespace {

struct Meaning {
  std::string_view name;  // what the error's D-Bus name begins with
  Errc code;
};

constexpr std::array kRemoteErrors{
    Meaning{"org.freedesktop.Secret.Error.IsLocked", Errc::locked},
    Meaning{"org.freedesktop.Secret.Error.NoSuchObject", Errc::no_object},
    // What a service says of an object that it has not, or no more.
    Meaning{"org.freedesktop.DBus.Error.UnknownObject", Errc::no_object},
    Meaning{"org.freedesktop.DBus.Error.UnknownMethod", Errc::no_object},
    Meaning{"org.freedesktop.DBus.Error.UnknownInterface", Errc::no_object},
    Meaning{"org.freedesktop.DBus.Error.NoReply", Errc::timed_out},
    Meaning{"org.freedesktop.DBus.Error.Timeout", Errc::timed_out},
    Meaning{"org.freedesktop.DBus.Error.TimedOut", Errc::timed_out},
    Meaning{"org.freedesktop.DBus.Error.ServiceUnknown", Errc::unavailable},
    Meaning{"org.freedesktop.DBus.Error.NameHasNoOwner", Errc::unavailable},
    Meaning{"org.freedesktop.DBus.Error.Disconnected", Errc::unavailable},
    Meaning{"org.freedesktop.DBus.Error.Spawn.", Errc::unavailable},
    Meaning{"org.freedesktop.systemd1.", Errc::unavailable},
};

Errc classify(const GError& error) {
  const GCharPtr remote(g_dbus_error_get_remote_error(&error));
  if (remote) {
    const std::string_view name = remote.get();
    const auto* row = std::ranges::find_if(
        kRemoteErrors, [&](const Meaning& meaning) { return name.starts_with(meaning.name); });
    return row == kRemoteErrors.end() ? Errc::keyring_failed : row->code;
  }
  if (g_error_matches(&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) return Errc::timed_out;
  // No bus, a bus that is gone, or one that does not let us in.
  if (error.domain == G_IO_ERROR || error.domain == G_DBUS_ERROR) return Errc::unavailable;
  return Errc::keyring_failed;
}

std::string describe(const GError& error, Errc code) {
  if (code == Errc::locked) return "the keyring is locked";
  if (code == Errc::timed_out) return "the keyring did not answer in time";
  const std::string prefix =
      code == Errc::unavailable ? "cannot reach the keyring: " : "the keyring failed: ";
  return prefix + error.message;
}

}  // namespace

void GErrorSlot::throw_if_set() const {
  if (error_ == nullptr) return;
  const Errc code = classify(*error_);
  g_dbus_error_strip_remote_error(error_);
  throw Error(code, describe(*error_, code));
}

}  // namespace cred
