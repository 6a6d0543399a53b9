// SPDX-License-Identifier: MIT
#include "helper/export/document.h"

#include <nlohmann/json.hpp>
#include <regex>

#include "helper/files/docker_config.h"
#include "helper/servers/server_address.h"
#include "helper/text/json_text.h"
#include "platform/system/error.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const Credential& credential, const std::string& why) {
  throw Error(Errc::io, credential.server + ": " + why);
}

Json entry_of(const Credential& credential) {
  const std::string_view secret = credential.secret.reveal();
  if (credential.username == kTokenUsername) {
    if (!is_utf8(secret)) refuse(credential, "its identity token is not UTF-8 text");
    return {{"auth", encode_base64(std::string(kNobody) + ':')}, {"identitytoken", secret}};
  }
  if (credential.username.find(':') != std::string::npos) {
    refuse(credential, "its username holds a colon, which config.json cannot express");
  }
  return {{"auth", encode_base64(credential.username + ':' + std::string(secret))}};
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
    auths[key] = entry_of(credential);
  }
  return Json{{"auths", std::move(auths)}}.dump(1, '\t') + '\n';
}

std::string write_kubernetes_secret(std::string_view docker_config, const SecretNames& names) {
  Json metadata = {{"name", names.name}};
  if (!names.space.empty()) metadata["namespace"] = names.space;
  const Json secret = {{"apiVersion", "v1"},
                       {"kind", "Secret"},
                       {"metadata", std::move(metadata)},
                       {"type", "kubernetes.io/dockerconfigjson"},
                       {"data", {{".dockerconfigjson", encode_base64(docker_config)}}}};
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
