// SPDX-License-Identifier: MIT
#include "helper/text/table.h"

#include <algorithm>

#include "platform/text/strings.h"
#include "platform/text/utf8.h"

namespace cred {

void Table::print(const Notes& out, std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(printable(row[i])));
    }
  }
  for (const auto& row : rows_) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) line += pad(printable(row[i]), widths[i]) + "  ";
    out.line(line.substr(0, line.find_last_not_of(' ') + 1));
  }
}

std::string login_count(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " login" : " logins");
}

}  // namespace cred
