// SPDX-License-Identifier: MIT
#include "helper/text/shell_words.h"

#include <algorithm>
#include <optional>

#include "platform/text/printable.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

// By which a word cannot be anything else than itself, wherever it stands in a command.
bool is_plain(char c) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.:,+@%";
  return kPlain.find(c) != std::string_view::npos;
}

std::optional<std::string> shell_word(std::string_view word) {
  if (!is_utf8(word) || printable(word) != word) return std::nullopt;
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string shell_command(std::initializer_list<std::string_view> words) {
  std::string command;
  for (const auto word : words) {
    const auto shown = shell_word(word);
    if (!shown) return "";
    command += (command.empty() ? "" : " ") + *shown;
  }
  return command;
}

std::string shell_sequence(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? "" : first + " && " + second;
}

}  // namespace cred
