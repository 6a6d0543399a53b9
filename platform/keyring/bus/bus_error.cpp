// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/bus_error.h"

#include <algorithm>
#include <array>

namespace cred {
namespace {

struct Meaning {
  std::string_view name;  // what the error's D-Bus name begins with
  Errc code;
};

constexpr std::array kMeanings{
    Meaning{"org.freedesktop.Secret.Error.IsLocked", Errc::locked},
    Meaning{"org.freedesktop.Secret.Error.NoSuchObject", Errc::no_object},
    // Answers of a service that does not have the object, or not any more.
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
    Meaning{"System.Error.EACCES", Errc::bus_refused},
    Meaning{"System.Error.EPERM", Errc::bus_refused},
    Meaning{"System.Error.", Errc::unavailable},  // sd-bus: an errno of the connection
};

// The start of a text that may be of any length.
std::string quoted(std::string_view message) {
  constexpr std::size_t kLongestQuote = 200;  // bytes
  if (message.size() <= kLongestQuote) return std::string(message);
  std::size_t size = kLongestQuote;
  const auto continues = [&] {
    return (static_cast<unsigned char>(message[size]) & 0xC0U) == 0x80;
  };
  while (size > 0 && continues()) --size;  // no character of UTF-8 is cut
  return std::string(message.substr(0, size)) + "...";
}

}  // namespace

Errc meaning_of(std::string_view name) {
  const auto* row = std::ranges::find_if(
      kMeanings, [&](const Meaning& meaning) { return name.starts_with(meaning.name); });
  return row == kMeanings.end() ? Errc::keyring_failed : row->code;
}

bool is_unanswered(Errc code) {
  return is_out_of_reach(code) || code == Errc::timed_out || code == Errc::no_library;
}

Error keyring_error(Errc code, std::string_view message) {
  if (code == Errc::locked) return {code, "the keyring is locked"};
  if (code == Errc::timed_out) return {code, "the keyring did not answer in time"};
  const bool is_reached = code != Errc::unavailable && code != Errc::bus_refused;
  const std::string prefix = is_reached ? "the keyring failed: " : "cannot reach the keyring: ";
  return {code, prefix + quoted(message)};
}

Error malformed_answer() {
  return keyring_error(Errc::keyring_failed,
                       "its answer is not of the form that the Secret Service specifies");
}

std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  if (left.count() <= 0) throw keyring_error(Errc::timed_out, "");
  return left;
}

}  // namespace cred
