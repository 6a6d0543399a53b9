// SPDX-License-Identifier: MIT
// What the names of D-Bus errors mean to us; two libraries bring them. Private to this folder.
#pragma once

#include <string>
#include <string_view>

#include "platform/system/error.h"

namespace cred {

// The meaning of an error that the keyring or the bus answered with, by its D-Bus name.
[[nodiscard]] Errc meaning_of(std::string_view name);

// The Error for it; `message` is what was said along with it.
[[nodiscard]] Error keyring_error(Errc code, std::string_view message);

}  // namespace cred
