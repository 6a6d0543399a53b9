// SPDX-License-Identifier: MIT
#include "helper/cli/output.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "platform/text/printable.h"

namespace cred {

void write_json(const nlohmann::ordered_json& document, std::ostream& out) {
  constexpr int kIndent = 2;
  out << printable_json(document.dump(kIndent, ' ', /*ensure_ascii=*/false,
                                      nlohmann::ordered_json::error_handler_t::replace))
      << '\n';
}

}  // namespace cred
