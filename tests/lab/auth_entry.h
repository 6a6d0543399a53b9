// SPDX-License-Identifier: MIT
// Texts of a config.json, for rows.
#pragma once

#include <string>
#include <string_view>

#include "platform/text/base64.h"

namespace cred::test {

// An entry that holds `pair`, "user:password", as docker writes it.
inline std::string auth(std::string_view pair) {
  return R"({"auth":")" + encode_base64(pair, Base64::standard) + R"("})";
}

}  // namespace cred::test
