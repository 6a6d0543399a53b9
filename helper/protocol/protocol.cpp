// SPDX-License-Identifier: MIT
#include "helper/protocol/protocol.h"

#include <algorithm>
#include <array>
#include <ostream>

#include "helper/servers/list_names.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "helper/text/json_text.h"
#include "platform/store/docker_names.h"
#include "platform/system/error.h"
#include "platform/system/told.h"
#include "platform/text/strings.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

// Texts of the reference implementation, for people who know them; only kNotFound is compared.
constexpr const char* kNoServer = "no credentials server URL";
constexpr const char* kNoUsername = "no credentials username";

using Call = ProtocolCall;

[[noreturn]] void refuse(const std::string& message) { throw Error(Errc::bad_request, message); }

// Whitespace at both ends goes, and so do the line ends between: the reference joins the lines.
std::string read_server(const ReadInput& read_input) {
  std::string text = read_input();
  std::erase(text, '\n');
  std::erase(text, '\r');
  std::string server(trim(text));
  if (server.empty()) refuse(kNoServer);
  if (!is_utf8(server) || server.find('\0') != std::string::npos) {
    refuse("the server is not plain UTF-8 text");
  }
  return server;
}

// As Go reads a struct: keys in any case, the last one counts, null is "", unknown keys are
// ignored.
std::string text_member(const JsonNode& object, std::string_view name) {
  std::string text;
  for (const auto& member : object.members) {
    if (!same_json_key(member.key, name)) continue;
    if (member.value.kind == JsonKind::null) continue;
    if (member.value.kind != JsonKind::string) refuse(std::string(name) + " is not a string");
    text = member.value.string;
  }
  if (text.find('\0') != std::string::npos) {
    refuse(std::string(name) + " holds a NUL, which keyrings cut a text at");
  }
  if (text.size() > kLargestText) {
    refuse(std::string(name) + " is longer than " + std::to_string(kLargestText) + " bytes");
  }
  return text;
}

Credential read_credential(const ReadInput& read_input) {
  const JsonNode request = parse_first_json(read_input());
  if (request.kind != JsonKind::object) refuse("stdin is not a JSON object");
  Credential credential{text_member(request, "ServerURL"), text_member(request, "Username"),
                        Secret(text_member(request, "Secret"))};
  if (credential.server.empty()) refuse(kNoServer);
  if (credential.username.empty()) refuse(kNoUsername);
  return credential;
}

// `outcome` follows the name of the registry, and the reason follows it.
template <typename Work>
auto with_reason(const Call& call, const std::string& server, const std::string& outcome,
                 Work work) {
  try {
    return work();
  } catch (const Error& failure) {
    const std::string hint = call.hint_for(failure);
    // What names no registry may be anything, even a secret.
    const auto registry = is_hub_token(server) ? server : image_prefix(server);
    note_once(call.environment, call.notes,
              registry.value_or("what was asked for") + outcome + failure.what() +
                  (hint.empty() ? "" : "; hint: " + hint));
    throw ToldError(failure);
  }
}

void store_verb(const Call& call) {
  const Credential credential = read_credential(call.read_input);
  if (credential.secret.empty()) {
    erase_every_spelling(call.store, credential.server);
  } else {
    put_newest(call.store, credential);
  }
}

// What answered here once and is not found now: a keyring can lose its file.
void note_lost(const Call& call, const std::string& server) {
  const auto known = call.store.known_servers();
  const bool is_lost = contains(known, server) ||
                       !answering_servers(server, known, call.settings.namespace_fallback).empty();
  if (is_lost) call.notes.note("the login of ", server, " was stored, and is lost; log in again");
}

void get_verb(const Call& call) {
  const std::string server = read_server(call.read_input);
  const auto found = with_reason(call, server, ": its login could not be read: ", [&] {
    return find_credential(call.store, server, call.settings.namespace_fallback);
  });
  // Clients that list and then get each would lose all logins by another failure.
  const bool is_text = !found || is_utf8(found->secret.reveal());
  if (!is_text) {
    call.notes.note("what is stored for ", server,
                    " counts as not found: its secret is not UTF-8 text, so docker cannot have it");
    call.notes.hint("log in to ", server, " again");
  }
  if (!found) note_lost(call, server);
  if (!found || found->secret.empty() || !is_text) {
    throw Error(Errc::not_found, std::string(kNotFound));
  }
  call.out << R"({"ServerURL":)" << quote_json(server) << R"(,"Username":)"
           << quote_json(found->username) << R"(,"Secret":)" << quote_json(found->secret.reveal())
           << "}\n";
}

void erase_verb(const Call& call) {
  const std::string server = read_server(call.read_input);
  with_reason(call, server,
              " was NOT logged out: ", [&] { erase_every_spelling(call.store, server); });
}

void list_verb(const Call& call) {
  std::string_view separator = "{";
  const auto listed = named_for_list(call.store.list_gettable(), call.settings.list_names);
  for (const auto& [server, username] : listed) {
    call.out << separator << quote_json(server) << ':' << quote_json(username);
    separator = ",";
  }
  call.out << (separator == "{" ? "{}\n" : "}\n");
}

struct Verb {
  std::string_view name;
  void (*run)(const Call&);
};

constexpr std::array kVerbs{
    Verb{"store", store_verb},
    Verb{"get", get_verb},
    Verb{"erase", erase_verb},
    Verb{"list", list_verb},
};

}  // namespace

bool is_protocol_verb(std::string_view name) {
  return std::ranges::find(kVerbs, name, &Verb::name) != kVerbs.end();
}

void run_protocol_verb(std::string_view name, const ProtocolCall& call) {
  const auto* verb = std::ranges::find(kVerbs, name, &Verb::name);
  if (verb == kVerbs.end()) refuse("unknown action: " + std::string(name));
  verb->run(call);
}

std::string protocol_usage() {
  std::string usage = "<";
  for (const auto& verb : kVerbs) usage += std::string(verb.name) + '|';
  return usage + "version>";
}

}  // namespace cred
