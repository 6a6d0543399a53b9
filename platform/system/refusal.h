// SPDX-License-Identifier: MIT
// The answer of a function that may say no, where that is no failure: std::optional<Refusal>, which
// is empty when nothing is against it.
#pragma once

#include <string>

namespace cred {

struct Refusal {
  std::string reason;  // for people, as an Error's message: lower case, no full stop, no secret
};

}  // namespace cred
