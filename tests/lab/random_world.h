// SPDX-License-Identifier: MIT
// Files of docker, podman and helm, and what a store holds beside them, at random: the same for the
// same seed.
#pragma once

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "helper/migrate/plan.h"
#include "helper/servers/server_address.h"
#include "platform/text/base64.h"
#include "tests/lab/docker_model.h"
#include "tests/lab/memory_store.h"

namespace cred::test {

using nlohmann::json;

// A file, a store, an auth.json and a file of helm's beside it.
struct World {
  json config = json::object();
  json auth_file = json::object();
  json helm_file = json::object();
  std::map<std::string, MemoryStore::Login> held;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
  bool once_in(int n) { return below(n) == 0; }
  template <class Range>
  auto one_of(const Range& range) {
    return range[static_cast<std::size_t>(below(static_cast<int>(std::size(range))))];
  }

 private:
  std::mt19937 engine_;
};

inline std::string random_key(Dice& dice) {
  static const std::vector<std::string> hosts{"reg.example", "reg.example", "REG.example",
                                              "reg.example:5000", "docker.io"};
  static const std::vector<std::string> schemes{"", "", "https://", "http://"};
  static const std::vector<std::string> ends{"", "", "", "/", "/v1/", "/v2/", "/team", "/team/app"};
  if (dice.once_in(10)) return kHubKey;
  return dice.one_of(schemes) + dice.one_of(hosts) + dice.one_of(ends);
}

inline std::string random_login(Dice& dice) {
  return "u" + std::to_string(dice.below(3)) + ":s" + std::to_string(dice.below(2));
}

inline json random_entry(Dice& dice) {
  json entry = json::object();
  const auto encoded = [](const std::string& text) {
    return encode_base64(text, Base64::standard);
  };
  switch (dice.below(14)) {
    case 0:
      return entry;
    case 1:
      return {{"auth", "?"}};
    case 2:
      return {{"auth", encoded("nocolon")}};
    case 3:
      return {{"auth", encoded("u0:")}};
    case 4:
      return {{"auth", encoded("u0:\xff")}};
    case 5:
      return {{"username", "u1"}, {"password", "s1"}};
    case 6:
      return {{"auth", encoded(random_login(dice))}, {"username", "u9"}, {"password", "s9"}};
    case 7:
      return {{"auth", encoded("00000000:")}, {"identitytoken", "t" + random_login(dice)}};
    case 8:
      return {{"registrytoken", "r"}};
    default:
      return {{"auth", encoded(random_login(dice))}};
  }
}

inline json random_auths(Dice& dice, int most) {
  json auths = json::object();
  for (int i = dice.below(most + 1); i > 0; --i) auths[random_key(dice)] = random_entry(dice);
  return auths;
}

// How many worlds a row tries: 10,000, and of these the first 1,000 with sanitizers, which take
// forty times as long; or $RANDOM_FILES.
inline int worlds_to_try() {
  if (const char* longer = std::getenv("RANDOM_FILES")) return std::atoi(longer);
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  return 1000;
#endif
#endif
  return 10000;
}

inline World random_world(Dice& dice) {
  static const std::vector<std::string> helpers{"keyring", "", "pass"};
  World world;
  world.config["auths"] = random_auths(dice, 6);
  if (dice.once_in(3)) world.config["credsStore"] = dice.one_of(helpers);
  if (dice.once_in(3)) {
    world.config["credHelpers"] = {{docker_host_of(random_key(dice)), dice.one_of(helpers)}};
  }
  if (dice.once_in(3)) world.auth_file["auths"] = random_auths(dice, 2);
  if (dice.once_in(4)) world.helm_file["auths"] = random_auths(dice, 2);
  for (int i = dice.once_in(2) ? dice.below(4) : 0; i > 0; --i) {
    const std::string login = random_login(dice);
    world.held[random_key(dice)] = {login.substr(0, 2), login.substr(3)};
  }
  return world;
}

inline void fill(MemoryStore& store, const World& world) {
  store.held = world.held;
  store.touched.clear();
}

inline std::vector<SourceFile> sources_of(const World& world) {
  std::vector<SourceFile> sources{{"config.json", world.config.dump()}};
  if (!world.auth_file.empty()) {
    sources.push_back({"auth.json", world.auth_file.dump(), &kAuthFileFormat});
  }
  if (!world.helm_file.empty()) {
    sources.push_back({"helm.json", world.helm_file.dump(), &kHelmConfigFormat});
  }
  return sources;
}

// Of all files.
inline json entries_of(const World& world) {
  json entries = json::array();
  for (const json* file : {&world.config, &world.auth_file, &world.helm_file}) {
    if (!file->contains("auths")) continue;
    for (const auto& [key, entry] : file->at("auths").items()) entries.push_back({key, entry});
  }
  return entries;
}

inline std::set<std::string> hosts_named_in(const World& world) {
  std::set<std::string> hosts;
  for (const auto& entry : entries_of(world)) hosts.insert(docker_host_of(entry.at(0)));
  return hosts;
}

// Logins of the same registry in the files.
inline Answers logins_of(const World& world, const std::string& host) {
  Answers logins;
  for (const auto& entry : entries_of(world)) {
    if (!same_registry(docker_host_of(entry.at(0)), host)) continue;
    logins.insert(docker_entry(entry.at(1)).decoded);
    logins.insert(docker_entry(entry.at(1)).raw);
  }
  return logins;
}

inline std::string text_of(const Answers& answers) {
  std::string text;
  for (const auto& answer : answers) text += answer.empty() ? " nothing" : ' ' + answer;
  return text;
}

}  // namespace cred::test
