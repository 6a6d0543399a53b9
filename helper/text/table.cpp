// SPDX-License-Identifier: MIT
#include "helper/text/table.h"

#include <algorithm>

#include "helper/text/wrap.h"
#include "platform/text/printable.h"
#include "platform/text/strings.h"
#include "platform/text/utf8.h"

namespace cred {

namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t kGap = 2;

std::vector<std::size_t> widths_of(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

// How wide columns may be, all but the last one, so that some of a line is left for that.
std::size_t most_of(const std::vector<std::size_t>& widths, std::size_t room) {
  constexpr std::size_t kLeast = 12;  // shows both ends of a name
  constexpr std::size_t kForLast = 16;
  std::size_t most = *std::ranges::max_element(widths);
  const auto taken = [&] {
    std::size_t sum = std::min(widths.back(), kForLast);
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) sum += std::min(widths[i], most) + kGap;
    return sum;
  };
  while (most > kLeast && taken() > room) --most;
  return most;
}

void print_row(const Cells& row, const std::vector<std::size_t>& widths, std::string_view indent,
               std::size_t width, const Notes& out) {
  std::string line(indent);
  std::size_t column = indent.size();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i + 1 < widths.size()) {
      line += pad(row[i], widths[i]) + std::string(kGap, ' ');
      column += widths[i] + kGap;
    } else {
      line += wrap(row[i], width, column, column);
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  out.lines(line);
}

}  // namespace

void Table::print(const Notes& out, std::string_view indent, std::size_t width) const {
  std::vector<Cells> rows = rows_;
  for (auto& row : rows) {
    for (auto& cell : row) cell = printable(cell);
  }
  if (rows.empty()) return;
  std::vector<std::size_t> widths = widths_of(rows);
  const std::size_t room = width - std::min(width, indent.size());
  const std::size_t most = most_of(widths, room);
  for (auto& row : rows) {
    for (std::size_t i = 0; i < row.size() && i + 1 < widths.size(); ++i)
      row[i] = cut_in_middle(row[i], most);
  }
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) widths[i] = std::min(widths[i], most);
  for (const auto& row : rows) print_row(row, widths, indent, width, out);
}

void print_remark(const Notes& out, std::string_view text, std::size_t width) {
  constexpr std::size_t kIndent = 2;
  out.lines(std::string(kIndent, ' ') + wrap(printable(text), width, kIndent, kIndent));
}

std::string login_count(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " login" : " logins");
}

}  // namespace cred
