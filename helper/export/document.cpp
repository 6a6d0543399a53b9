// SPDX-License-Identifier: MIT
#include "helper/export/document.h"

#include <nlohmann/json.hpp>
#include <regex>

#include "helper/files/entry.h"
#include "platform/system/error.h"
#include "platform/text/base64.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

Json entry_of(const std::string& key, const Credential& credential) {
  if (const auto refusal = why_no_entry(key, credential)) {
    throw Error(Errc::io, credential.server + ": " + refusal->reason);
  }
  Json entry;
  for (const auto& [name, value] : entry_for(credential).fields) entry[name] = value;
  return entry;
}

std::optional<std::string> problem_of_name(const std::string& text, std::size_t longest,
                                           const char* pattern, const std::string& rule) {
  const bool is_name = text.size() <= longest && std::regex_match(text, std::regex(pattern));
  if (is_name) return std::nullopt;
  return rule + ", at most " + std::to_string(longest) + " in all";
}

}  // namespace

std::string write_docker_config(const std::map<std::string, Credential>& credentials) {
  Json auths = Json::object();
  for (const auto& [key, credential] : credentials) {
    if (!is_utf8(key)) throw Error(Errc::bad_request, "a server is not UTF-8 text");
    auths[key] = entry_of(key, credential);
  }
  return Json{{"auths", std::move(auths)}}.dump(1, '\t') + '\n';
}

std::string write_kubernetes_secret(std::string_view docker_config, const SecretNames& names) {
  Json metadata = {{"name", names.name}};
  if (!names.space.empty()) metadata["namespace"] = names.space;
  const Json secret = {
      {"apiVersion", "v1"},
      {"kind", "Secret"},
      {"metadata", std::move(metadata)},
      {"type", "kubernetes.io/dockerconfigjson"},
      {"data", {{".dockerconfigjson", encode_base64(docker_config, Base64::standard)}}}};
  return secret.dump(2) + '\n';
}

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
std::optional<std::string> problem_of_secret_name(const std::string& text) {
  return problem_of_name(text, 253,
                         "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
                         "a name has small letters, digits, - and ., and each part between dots "
                         "begins and ends with a letter or digit");
}

std::optional<std::string> problem_of_namespace(const std::string& text) {
  return problem_of_name(text, 63, "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
                         "a namespace has small letters, digits and -, and begins and ends with a "
                         "letter or digit");
}

}  // namespace cred
