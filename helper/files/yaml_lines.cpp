// SPDX-License-Identifier: MIT
#include "helper/files/yaml_lines.h"

#include <algorithm>

#include "platform/text/strings.h"

namespace cred {

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string_view value_of_line(std::string_view line, std::string_view name) {
  const auto separator = line.find_first_of("=:");
  if (separator == std::string_view::npos) return {};
  if (unquoted(trim(line.substr(0, separator))) != name) return {};
  return unquoted(trim(line.substr(separator + 1)));
}

std::vector<std::string_view> parts_of(std::string_view line) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  char quote = '\0';
  bool at_begin = true;  // of a name or a value, where alone a quote is one
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == '\\' && quote == '"') ++i;
      if (c == quote) quote = '\0';
    } else if (at_begin && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
      line = line.substr(0, i);
    } else if (std::string_view("{}[],").find(c) != std::string_view::npos) {
      parts.push_back(line.substr(begin, i - begin));
      begin = i + 1;
    }
    at_begin = std::string_view(" \t{}[],:=-").find(c) != std::string_view::npos;
  }
  parts.push_back(line.substr(std::min(begin, line.size())));
  return parts;
}

}  // namespace cred
