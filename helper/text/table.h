// SPDX-License-Identifier: MIT
// What people read of logins: columns of servers, usernames and what is said of them, a row a line;
// and how many there are.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/text/notes.h"

namespace cred {

class Table {
 public:
  // A row may have fewer cells than another.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  // Each row behind `indent`. A column is as wide as its widest cell, by the width of characters,
  // and two blanks stand before the next; no blanks end a line. What is wider than `width` columns
  // is cut in the middle of its longest cells, and the last column goes on below itself.
  void print(const Notes& out, std::string_view indent = "  ",
             std::size_t width = std::numeric_limits<std::size_t>::max()) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// What is said below a table: behind two blanks, its words in lines of at most `width` columns.
void print_remark(const Notes& out, std::string_view text, std::size_t width);

// "1 login", "2 logins".
[[nodiscard]] std::string login_count(std::size_t count);

}  // namespace cred
