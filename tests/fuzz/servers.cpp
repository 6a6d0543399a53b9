// SPDX-License-Identifier: MIT
// Three servers, a line each: when they name the same registry, and which answers for which.
#include <algorithm>
#include <set>
#include <string>

#include "helper/servers/list_names.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "platform/text/strings.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

bool has_scheme(const std::string& server, const std::string& scheme) {
  return lower_case(server).starts_with(scheme + "://");
}

// What stands behind the last colon of the host, told without the code's own parser.
std::string port_of(const std::string& server) {
  const auto scheme = server.find("://");
  std::string host = scheme == std::string::npos ? server : server.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  const auto colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  return colon == std::string::npos ? "" : host.substr(colon);
}

bool answers(const std::string& stored, const std::string& asked, bool namespace_fallback = true) {
  return !answering_servers(asked, std::vector{stored}, namespace_fallback).empty();
}

void check_one(const std::string& a) {
  hold(same_registry(a, a), "a server is the same registry as itself");
  const auto prefix = image_prefix(a);
  hold(!prefix || image_prefix(*prefix) == prefix, "an image prefix is one of itself");
  hold(same_registry(auths_key(a), a), "the key in auths names the same registry");
  hold(asked_as(asked_as(a)) == asked_as(a), "what docker asks for stays as it is");
  hold(!is_hub_token(a) || !prefix, "a token of the Hub answers for nothing else");
}

void check_usual_spellings(const std::string& a) {
  const auto usual = usual_spellings(a);
  hold(contains(usual, a), "a server is one of its usual spellings");
  for (const auto& spelling : usual) {
    hold(same_registry(spelling, a), "a usual spelling names the same registry");
    auto theirs = usual_spellings(spelling);
    for (const auto& other : usual) {
      hold(other == a || contains(theirs, other), "a usual spelling has the same usual spellings");
    }
    MemoryStore store;
    store.put(Credential{spelling, "ada", Secret("s3")});
    const bool travels_in_the_clear = has_scheme(a, "http") && has_scheme(spelling, "https");
    hold(find_credential(store, a, false).has_value() == !travels_in_the_clear,
         "a usual spelling answers, unless what is for https would travel in the clear");
    erase_every_spelling(store, a);
    hold(store.held.empty(), "an erase takes every usual spelling");
  }
}

void check_two(const std::string& a, const std::string& b) {
  const bool same = same_registry(a, b);
  hold(same == same_registry(b, a), "the same registry, either way round");
  hold(!same || port_of(a) == port_of(b), "the same registry never has another port");
  hold(!same || a == b || image_prefix(a) == image_prefix(b), "one registry, one image prefix");
  hold(!answers(a, b) || port_of(a) == port_of(b), "nothing answers across ports");
  hold(!answers(a, b) || !has_scheme(a, "https") || !has_scheme(b, "http"),
       "what is for https never answers for http");
  hold(!answers(a, b, false) || same, "what answers without the fallback is the same registry");
  hold(!is_replaced_by(a, b) || (same && a != b), "what is replaced is the same registry");
  hold(!is_replaced_by(a, b) || answers(b, a, false), "what replaces a spelling answers for it");
}

void check_list(const std::vector<std::string>& servers) {
  std::map<std::string, std::string> stored;
  for (const auto& server : servers) stored.emplace(server, "user of " + server);
  for (const auto names : {ListNames::docker, ListNames::containers}) {
    for (const auto& [name, username] : named_for_list(stored, names)) {
      const auto best = answering_servers(name, servers, false);
      const std::string& by = contains(servers, name) ? name : best.at(0);
      hold(username == stored.at(by), "a name in the list has the user of what answers for it");
    }
  }
}

}  // namespace

void fuzz(const std::string& input) {
  auto servers = parts_of(input);
  servers.resize(3);
  for (const auto& server : servers) {
    check_one(server);
    check_usual_spellings(server);
  }
  for (const auto& a : servers) {
    for (const auto& b : servers) check_two(a, b);
  }
  const bool in_a_row =
      same_registry(servers[0], servers[1]) && same_registry(servers[1], servers[2]);
  hold(!in_a_row || same_registry(servers[0], servers[2]), "the same registry through a third");
  check_list(servers);
}

}  // namespace cred::test
