// SPDX-License-Identifier: MIT
// What D-Bus errors mean, by their names; sd-bus and GLib both report these. Private to
// platform/keyring.
#pragma once

#include <chrono>
#include <string_view>

#include "platform/system/error.h"

namespace cred {

// The meaning of an error that the keyring or the bus answered with, by its D-Bus name.
[[nodiscard]] Errc meaning_of(std::string_view name);

// Whether nothing that could have a credential answered.
[[nodiscard]] bool is_unanswered(Errc code);

// The Error of this meaning; `message` came along with the D-Bus error, and may be long.
[[nodiscard]] Error keyring_error(Errc code, std::string_view message);

// Of an answer that is empty, or of other types than the protocol has for it.
[[nodiscard]] Error malformed_answer();

// For an answer that has to come until `end`. Throws Error(timed_out) if that has passed.
[[nodiscard]] std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end);

}  // namespace cred
