// SPDX-License-Identifier: MIT
// What podman, skopeo and buildah get for an image, told anew from their library's own lookup
// (FACTS of the protocol): the program's reading of their files is held against it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "helper/servers/spellings.h"
#include "platform/text/base64.h"
#include "tests/lab/docker_model.h"

namespace cred::test {

inline const std::string kUnreadable = "!";  // an answer after which no file is read

inline std::string containers_entry(const nlohmann::json& entry) {
  const auto bytes = decode_base64(entry.value("auth", ""), Base64::standard);
  if (!bytes) return kUnreadable;
  const std::string pair(bytes->data(), bytes->size());
  const std::string token = entry.value("identitytoken", "");
  if (pair.find(':') == std::string::npos) return "";
  return token.empty() ? pair : "<token>:" + token;
}

// An old ~/.docker/config.json may have keys with a scheme; of these the host counts.
inline std::string containers_registry_of(const std::string& key) {
  std::string rest = key;
  for (const std::string scheme : {"http://", "https://"}) {
    if (rest.starts_with(scheme)) rest.erase(0, scheme.size());
  }
  if (rest != key) rest = rest.substr(0, rest.find('/'));
  return rest == "docker.io" || rest == "registry-1.docker.io" ? "index.docker.io" : rest;
}

// Of one file; "" stands for nothing, after which the next one is read.
inline Answers containers_answers_of(const nlohmann::json& file, const std::string& image) {
  const std::string registry = image.substr(0, image.find('/'));
  const auto helpers = file.value("credHelpers", nlohmann::json::object());
  if (helpers.contains(registry)) {
    const std::string helper = helpers.at(registry);
    return {helper.empty() ? kUnreadable : helper + "'s"};
  }
  const auto auths = file.value("auths", nlohmann::json::object());
  for (std::string key = image;; key = key.substr(0, key.rfind('/'))) {
    if (auths.contains(key)) return {containers_entry(auths.at(key))};
    if (key.find('/') == std::string::npos) break;
  }
  Answers answers;
  for (const auto& [key, entry] : auths.items()) {
    if (containers_registry_of(key) == containers_registry_of(registry)) {
      answers.insert(containers_entry(entry));
    }
  }
  return answers.empty() ? Answers{""} : answers;
}

// `helpers` are those of registries.conf, where "keyring" stands for what `store` has.
inline Answers containers_answers(const std::vector<nlohmann::json>& files,
                                  const std::vector<std::string>& helpers, const std::string& image,
                                  Store& store) {
  const std::string registry = image.substr(0, image.find('/'));
  const auto of_store = [&]() -> std::string {
    const auto found = find_credential(store, registry, true);
    return found ? found->username + ':' + std::string(found->secret.reveal()) : "";
  };
  Answers answers;
  bool goes_on = true;
  for (const auto& helper : helpers) {
    if (!goes_on) break;
    if (helper == "keyring") {
      const std::string answer = of_store();
      goes_on = answer.empty();
      if (!goes_on) answers.insert(answer);
      continue;
    }
    goes_on = false;
    bool reads_next = true;
    for (const auto& file : files) {
      if (!std::exchange(reads_next, false)) break;
      for (std::string answer : containers_answers_of(file, image)) {
        if (answer == "keyring's") answer = of_store();
        reads_next |= answer.empty();
        goes_on |= answer == kUnreadable;
        if (!answer.empty() && answer != kUnreadable) answers.insert(answer);
      }
    }
    goes_on |= reads_next;
  }
  if (goes_on) answers.insert("");
  return answers;
}

}  // namespace cred::test
