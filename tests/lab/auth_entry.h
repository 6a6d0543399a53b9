// SPDX-License-Identifier: MIT
// Texts of a config.json, for rows.
#pragma once

#include <string>
#include <string_view>

#include "helper/files/entry.h"

namespace cred::test {

// An entry that holds `pair`, "user:password", as docker writes it.
inline std::string auth(std::string_view pair) {
  return R"({"auth":")" + encode_base64(pair) + R"("})";
}

}  // namespace cred::test
