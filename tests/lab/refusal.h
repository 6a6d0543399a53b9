// SPDX-License-Identifier: MIT
// What comes of work that fails.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "platform/system/error.h"

namespace cred::test {

// The code of the Error that `work` ends with; not_found, which nothing here throws, if it works.
inline Errc failure_of(const auto& work) {
  try {
    work();
  } catch (const Error& failure) {
    return failure.code();
  }
  return Errc::not_found;
}

// What the refusal of `work` says, which has this code; "" where there was none.
inline std::string refusal_of(const auto& work, Errc code = Errc::bad_request) {
  try {
    work();
  } catch (const Error& failure) {
    CHECK(failure.code() == code);
    return failure.what();
  }
  return "";
}

}  // namespace cred::test
