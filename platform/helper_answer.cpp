// SPDX-License-Identifier: MIT
#include "platform/helper_answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "platform/text/printable.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestQuote = 200;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<Json> read_object(std::string_view output) {
  if (nests_deeper(output)) return std::nullopt;
  Json object = Json::parse(output, nullptr, /*allow_exceptions=*/false);
  return object.is_object() ? std::optional(std::move(object)) : std::nullopt;
}

}  // namespace

std::optional<Credential> read_get_answer(std::string_view output, std::string_view server) {
  const auto answer = read_object(output);
  if (!answer) return std::nullopt;
  const auto member = [&](const char* name) {
    const auto found = answer->find(name);
    return found == answer->end() ? std::string() : text_of(*found);
  };
  return Credential{std::string(server), member("Username"), Secret(member("Secret"))};
}

std::optional<std::map<std::string, std::string>> read_list_answer(std::string_view output) {
  const auto answer = read_object(output);
  if (!answer) return std::nullopt;
  std::map<std::string, std::string> listed;
  for (const auto& [server, username] : answer->items()) listed.emplace(server, text_of(username));
  return listed;
}

std::string read_failure(std::string_view output, std::string_view errors) {
  for (const std::string_view text : {trim(output), trim(errors)}) {
    if (text.empty() || text.find('{') != std::string_view::npos) continue;
    return plain_ascii(text.substr(0, std::min(text.find('\n'), kLongestQuote)));
  }
  return "";
}

}  // namespace cred
