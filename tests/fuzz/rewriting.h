// SPDX-License-Identifier: MIT
// What holds when a file with logins is rewritten, whoever reads it: what does not move keeps its
// bytes, and another reader of JSON finds the same in it.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "helper/files/docker_config.h"
#include "helper/text/json_text.h"
#include "platform/text/strings.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {

using OtherReader = nlohmann::ordered_json;

inline std::set<std::string> keys_with_credential(const DockerConfig& config) {
  std::set<std::string> keys;
  for (const auto& entry : config.entries()) {
    if (entry.credential) keys.insert(entry.key);
  }
  return keys;
}

// The member of docker's name, in any case; nullptr if there is none.
inline OtherReader* member_of(OtherReader& object, std::string_view name) {
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (same_json_key(member.key(), name)) return &member.value();
  }
  return nullptr;
}

// Every member of the top level but docker's own, with its bytes, in order.
inline std::string others_of(const std::string& text) {
  std::string others;
  const std::string document = trim(text).empty() ? "{}" : text;
  for (const auto& member : parse_json(document).members) {
    const bool is_ours = same_json_key(member.key, "auths") ||
                         same_json_key(member.key, "credsStore") ||
                         same_json_key(member.key, "credHelpers");
    if (is_ours) continue;
    others += document.substr(member.key_begin, member.key_end - member.key_begin) + ':';
    others += document.substr(member.value.begin, member.value.end - member.value.begin) + '\n';
  }
  return others;
}

// `after` is `before` less the credentials of `moved`, and nothing else of it has changed.
inline void check_rewritten(const std::string& before, const std::string& after,
                            const std::set<std::string>& moved) {
  const auto old = DockerConfig::parse(before);
  const auto parsed = result_of([&] { return DockerConfig::parse(after); });
  hold(parsed.has_value(), "what is rewritten can be read");
  hold(keys_with_credential(*parsed).empty(), "what has moved is no longer there");
  hold(others_of(before) == others_of(after), "what is not docker's keeps its bytes");
  for (const auto& entry : old.entries()) {
    const bool has_moved = moved.contains(entry.key);
    hold(has_moved || old.text_of(entry.key) == parsed->text_of(entry.key),
         "an entry that stays keeps its bytes");
  }
}

// Every credential of `before`, given back to `after`, is there again.
inline void check_filled(const std::string& before, const std::string& after) {
  const auto old = DockerConfig::parse(before);
  ConfigEdit edit;
  for (const auto& entry : old.entries()) {
    if (!entry.credential || why_no_entry(entry.key, *entry.credential)) continue;
    edit.filled.emplace(entry.key, &*entry.credential);
  }
  const auto text = DockerConfig::parse(after).edited(edit);
  const auto filled = result_of([&] { return DockerConfig::parse(text); });
  hold(filled.has_value(), "what is filled can be read");
  hold(others_of(before) == others_of(text), "what is not docker's keeps its bytes when filled");
  for (const auto& entry : filled->entries()) {
    const auto given = edit.filled.find(entry.key);
    if (given == edit.filled.end()) continue;
    hold(entry.credential && same_credential(*entry.credential, *given->second),
         "a credential that is given back is the one that moved");
  }
  hold(keys_with_credential(*filled).size() == edit.filled.size(), "all are given back");
}

}  // namespace cred::test
