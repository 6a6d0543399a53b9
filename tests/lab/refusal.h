// SPDX-License-Identifier: MIT
// What work that fails throws.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>

#include "platform/system/error.h"

namespace cred::test {

// nullopt where there was no failure.
inline std::optional<Errc> failure(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    return error.code();
  }
}

// What the refusal of a wrong request says; "" where there was none.
inline std::string refusal_of(const std::function<void()>& work) {
  try {
    work();
    return "";
  } catch (const Error& error) {
    CHECK(error.code() == Errc::bad_request);
    return error.what();
  }
}

}  // namespace cred::test
