// SPDX-License-Identifier: MIT
// What docker answers out of a config.json, told anew from its own lookup (FACTS of the protocol):
// the program's reading of such files is held against it.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "helper/servers/spellings.h"
#include "platform/text/base64.h"

namespace cred::test {

// "user:secret" each; "" stands for nothing. Docker walks through maps in random order.
using Answers = std::set<std::string>;

// Docker's ConvertToHostname().
inline std::string docker_host_of(const std::string& key) {
  if (key == "https://index.docker.io/v1/") return key;  // which it asks for as it stands
  std::string rest = key;
  for (const std::string scheme : {"https://", "http://"}) {
    if (rest.starts_with(scheme)) {
      rest.erase(0, scheme.size());
      break;
    }
  }
  return rest.substr(0, rest.find('/'));
}

struct DockerEntry {
  std::string decoded, raw;  // what it answers once docker has decoded its "auth", and before
  bool is_bad = false;       // docker's reading stops here
};

inline DockerEntry docker_entry(const nlohmann::json& entry) {
  const std::string token = entry.value("identitytoken", "");
  const auto answer = [&](const std::string& username, const std::string& password) {
    if (!token.empty()) return "<token>:" + token;
    return username.empty() ? "" : username + ':' + password;
  };
  DockerEntry found;
  found.raw = answer(entry.value("username", ""), entry.value("password", ""));
  found.decoded = found.raw;
  const std::string auth = entry.value("auth", "");
  if (auth.empty()) return found;
  const auto bytes = decode_base64(auth, Base64::standard);
  const std::string pair = bytes ? std::string(bytes->data(), bytes->size()) : "";
  const auto colon = pair.find(':');
  found.is_bad = colon == std::string::npos || colon == 0;
  if (!found.is_bad) found.decoded = answer(pair.substr(0, colon), pair.substr(colon + 1));
  return found;
}

// Whether docker's reading of the file stops somewhere, before or after any other entry.
inline bool docker_stops_in(const nlohmann::json& config) {
  const auto auths = config.value("auths", nlohmann::json::object());
  return std::any_of(auths.begin(), auths.end(),
                     [](const auto& entry) { return docker_entry(entry).is_bad; });
}

// Over every order of the map, and every point at which a bad entry stops the reading.
inline Answers docker_answers_from_file(const nlohmann::json& config, const std::string& host) {
  const auto auths = config.value("auths", nlohmann::json::object());
  const bool stops = docker_stops_in(config);
  Answers answers;
  const auto add = [&](const DockerEntry& entry) {
    if (!entry.is_bad) answers.insert(entry.decoded);
    if (stops) answers.insert(entry.raw);
  };
  if (auths.contains(host)) {
    add(docker_entry(auths.at(host)));
    return answers;
  }
  for (const auto& [key, entry] : auths.items()) {
    if (docker_host_of(key) == host) add(docker_entry(entry));
  }
  if (answers.empty()) answers.insert("");
  return answers;
}

// `text` is the config.json, `store` what docker-credential-keyring has.
inline Answers docker_answers(const std::string& text, const std::string& host, Store& store) {
  const auto config = nlohmann::json::parse(text.empty() ? "{}" : text);
  const auto helpers = config.value("credHelpers", nlohmann::json::object());
  const std::string helper = helpers.value(host, config.value("credsStore", ""));
  if (helper.empty()) return docker_answers_from_file(config, host);
  if (helper != "keyring") return {helper + "'s"};
  const auto found = find_credential(store, host, true);
  if (!found) return {""};
  return {found->username + ':' + std::string(found->secret.reveal())};
}

}  // namespace cred::test
