// SPDX-License-Identifier: MIT
#include "platform/keyring/prompter/glib_ptr.h"

#include "platform/keyring/bus/bus_error.h"

namespace cred {
namespace {

Errc classify(const GError& error) {
  const GCharPtr remote(g_dbus_error_get_remote_error(&error));
  if (remote) return meaning_of(remote.get());
  if (g_error_matches(&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) return Errc::timed_out;
  // No bus, a bus that is gone, or one that does not let us in.
  if (error.domain == G_IO_ERROR || error.domain == G_DBUS_ERROR) return Errc::unavailable;
  return Errc::keyring_failed;
}

}  // namespace

void GErrorSlot::throw_if_set() const {
  if (error_ == nullptr) return;
  const Errc code = classify(*error_);
  g_dbus_error_strip_remote_error(error_);
  throw keyring_error(code, error_->message);
}

}  // namespace cred
