// SPDX-License-Identifier: MIT
// Calls of docker's, one after another, on one store: the verb in a line, stdin behind it, and a
// line of three dashes between two calls.
#include "helper/protocol/protocol.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "helper/cli/hints.h"
#include "platform/text/strings.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/memory_store.h"

namespace cred::test {
namespace {

using Json = nlohmann::json;

struct Answer {
  std::optional<Error> failure;
  std::string out, err;
};

Answer run(Store& store, const std::string& verb, const std::string& input) {
  // What people were told already is remembered below it, if it is there.
  const Environment environment{.variables = {{"XDG_RUNTIME_DIR", "/nowhere"}}};
  std::ostringstream out;
  std::ostringstream err;
  const auto hint = [](const Error& failure) { return hint_for(failure, {}); };
  Answer answer;
  answer.failure = failure_of([&] {
    run_protocol_verb(verb, {store, {}, environment, [&] { return input; }, out, Notes(err), hint});
  });
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

bool has_secret(const std::string& text) { return text.find(kSecretWord) != std::string::npos; }

// Whether docker can ask for it: it trims what it sends, and joins the lines.
bool can_be_asked(const std::string& server) {
  return !server.empty() && trim(server) == server &&
         server.find_first_of("\r\n") == std::string::npos;
}

// The credential in what was sent to be stored, read by another reader; nullopt if it has none.
std::optional<Json> request_of(const std::string& input) {
  const Json request = Json::parse(input, nullptr, false);
  const bool is_plain = request.is_object() && request.size() == 3 &&
                        request.value("ServerURL", Json()).is_string() &&
                        request.value("Username", Json()).is_string() &&
                        request.value("Secret", Json()).is_string();
  return is_plain ? std::optional(request) : std::nullopt;
}

void check_get(const std::string& input, const Answer& answer) {
  if (answer.failure) return hold(answer.out.empty(), "no answer beside a failure");
  std::string asked = input;
  std::erase_if(asked, [](char c) { return c == '\r' || c == '\n'; });
  const Json got = Json::parse(answer.out);
  hold(got.at("ServerURL") == trim(asked), "the answer names what was asked for");
  hold(!got.at("Secret").get<std::string>().empty(), "the answer has a secret");
}

// What was stored is what a get gives, and after an erase there is none.
void check_stored(Store& store, const std::string& input) {
  const auto request = request_of(input);
  if (!request || !can_be_asked(request->at("ServerURL"))) return;
  const std::string server = request->at("ServerURL");
  if (request->at("Secret") == "") return hold(!store.get(server), "an empty secret is a logout");
  hold(Json::parse(run(store, "get", server).out) == *request, "what is stored is given back");
  MemoryStore other;
  other.put(Credential{server, "ada", Secret("s3")});
  hold(!run(other, "erase", server).failure, "what is stored can be erased");
  hold(other.held.empty(), "what is erased is gone");
}

// A client that lists, and then gets each, has each.
void check_list(MemoryStore& store) {
  const Answer answer = run(store, "list", "");
  if (answer.failure) return hold(answer.out.empty(), "no list beside a failure");
  const Json listed = Json::parse(answer.out);
  for (const auto& [name, username] : listed.items()) {
    if (!can_be_asked(name)) continue;
    const Answer got = run(store, "get", name);
    hold(!got.failure, "what is listed can be got");
    hold(Json::parse(got.out).at("Username") == username, "with the username of the list");
  }
}

}  // namespace

void fuzz(const std::string& input) {
  MemoryStore store;
  store.put(Credential{"held.example", "ada", Secret(kSecretWord)});
  for (const auto& call : parts_of(input, "\n---\n")) {
    const auto [verb, text] = cut(call);
    if (!is_protocol_verb(verb)) continue;
    const Answer answer = run(store, verb, text);
    hold(!answer.failure || !has_secret(answer.failure->what()), "an Error holds no secret");
    hold(has_secret(text) || !has_secret(answer.err), "people are told no secret");
    if (verb == "get") check_get(text, answer);
    if (verb == "store" || verb == "erase") hold(answer.out.empty(), "no answer is due");
    if (verb == "store") hold(!has_secret(answer.err), "people are told no secret");
    if (verb == "store" && !answer.failure) check_stored(store, text);
    check_list(store);
  }
}

}  // namespace cred::test
