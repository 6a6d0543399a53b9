// SPDX-License-Identifier: MIT
#include "helper/files/entry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "helper/servers/server_address.h"
#include "platform/text/base64.h"
#include "platform/text/strings.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

// Readers of an entry with an identity token expect a username beside it, and helpers keep none:
// this one is what registries that hand out such tokens take for no name.
constexpr std::string_view kNobody = "00000000-0000-0000-0000-000000000000";

// What docker knows of an entry. All are strings; null is as good as nothing.
struct Fields {
  std::string_view auth;
  std::string_view username;
  std::string_view password;
  std::string_view identity_token;
  std::string_view registry_token;
  std::string_view server_address;
};

// Docker wrote it until v29; nobody reads it.
constexpr std::string_view kEmail = "email";

using FieldText = std::string_view Fields::*;

struct Field {
  std::string_view name;
  FieldText value;
  bool is_credential;  // goes into a helper
};

constexpr std::array kFields{
    Field{"auth", &Fields::auth, true},
    Field{"username", &Fields::username, true},
    Field{"password", &Fields::password, true},
    Field{"identitytoken", &Fields::identity_token, true},
    Field{"registrytoken", &Fields::registry_token, false},
    Field{"serveraddress", &Fields::server_address, false},
};

// Returns nullptr for a field that docker does not know.
const Field* find_field(std::string_view key) {
  const auto* field = std::ranges::find_if(
      kFields, [key](const Field& known) { return same_json_key(key, known.name); });
  return field == kFields.end() ? nullptr : field;
}

// The first reason stands.
void reject(ConfigEntry& entry, std::string problem, bool docker_reads_it) {
  if (!entry.refusal) entry.refusal = Refusal{std::move(problem)};
  entry.docker_reads_it = entry.docker_reads_it && docker_reads_it;
}

// Sets the credential of `entry`, or says why there is none.
void read_credential(const Fields& fields, ConfigEntry& entry) {
  std::string_view username = fields.username;
  std::string_view secret = fields.password;

  std::optional<std::vector<char>> decoded;  // owns what the two stand for
  if (!fields.auth.empty()) {
    decoded = decode_base64(fields.auth, Base64::standard);
    entry.auth = decoded ? AuthField::none : AuthField::broken;
    if (!decoded) return reject(entry, "auth is not base64", false);
    const std::string_view pair(decoded->data(), decoded->size());
    const auto colon = pair.find(':');
    if (colon != std::string_view::npos && pair.size() > 1) entry.auth = AuthField::login;
    if (colon == std::string_view::npos) return reject(entry, "auth has no colon", false);
    if (colon == 0) return reject(entry, "auth has no username", false);
    username = pair.substr(0, colon);
    secret = trim(pair.substr(colon + 1), std::string_view("\0", 1));
  }
  if (!fields.identity_token.empty()) {
    username = kTokenUsername;
    secret = fields.identity_token;
  }

  // Docker takes all of these from a file, but no helper can hand them on.
  if (!can_be_asked_for(entry.key)) {
    const bool is_asked_for = can_be_asked_for(asked_as(entry.key));
    return reject(entry, is_asked_for ? "a helper cannot be asked for it" : "it names no server",
                  is_asked_for);
  }
  if (auto refusal = why_no_login(username, secret)) {
    return reject(entry, std::move(refusal->reason), !username.empty());
  }
  entry.credential = Credential{entry.key, std::string(username), Secret(secret)};
}

}  // namespace

ConfigEntry read_entry(const JsonMember& member) {
  ConfigEntry entry;
  entry.key = member.key;
  if (member.value.kind == JsonKind::null) return entry;
  if (member.value.kind != JsonKind::object) {
    reject(entry, "it is not an object", false);
    return entry;
  }

  Fields fields;
  for (const JsonMember& part : member.value.members) {
    const Field* field = find_field(part.key);
    if (field == nullptr) {
      if (!same_json_key(part.key, kEmail)) entry.unknown_fields.push_back(part.key);
      continue;
    }
    if (part.value.kind == JsonKind::null) continue;
    std::string_view& value = fields.*field->value;
    if (part.value.kind != JsonKind::string) {
      reject(entry, std::string(field->name) + " is not a string", false);
    } else if (!value.empty()) {
      // Docker takes the last spelling; what the others hold would be lost.
      reject(entry, std::string(field->name) + " is there twice", true);
    } else {
      value = part.value.string;
    }
    const bool empty = part.value.kind == JsonKind::string && part.value.string.empty();
    entry.holds_credential = entry.holds_credential || (field->is_credential && !empty);
  }
  entry.holds_registry_token = !fields.registry_token.empty();
  if (entry.holds_credential && !entry.refusal) read_credential(fields, entry);
  return entry;
}

// A helper gets the key as a line without blanks around it.
bool can_be_asked_for(std::string_view key) {
  return !key.empty() && std::ranges::none_of(key, [](char c) { return '\0' <= c && c <= ' '; });
}

bool is_credential_field(std::string_view name) {
  const Field* field = find_field(name);
  return field != nullptr && field->is_credential;
}

EntryText entry_for(const Credential& credential) {
  std::string secret(credential.secret.reveal());
  if (credential.username == kTokenUsername) {
    return {{{"auth", encode_base64(std::string(kNobody) + ':', Base64::standard)},
             {"identitytoken", std::move(secret)}}};
  }
  if (credential.username.find(':') != std::string::npos) {
    return {{{"username", credential.username}, {"password", std::move(secret)}},
            /*is_fragile=*/true};
  }
  return {{{"auth", encode_base64(credential.username + ':' + secret, Base64::standard)}}};
}

std::optional<Refusal> why_no_login(std::string_view username, std::string_view secret) {
  if (username.empty()) return Refusal{"the username is empty"};
  if (secret.empty()) return Refusal{"the password is empty"};
  for (const std::string_view text : {username, secret}) {
    if (text.find('\0') != std::string_view::npos) return Refusal{"the login holds a NUL"};
    if (!is_utf8(text)) return Refusal{"the login is not UTF-8"};
  }
  return std::nullopt;
}

std::optional<Refusal> why_no_entry(std::string_view key, const Credential& credential) {
  for (const auto text : {key, std::string_view(credential.username), credential.secret.reveal()}) {
    if (!is_utf8(text)) return Refusal{"is not UTF-8 text"};
  }
  JsonMember member;
  member.key = key;
  member.value.kind = JsonKind::object;
  for (auto& [name, value] : entry_for(credential).fields) {
    JsonMember& field = member.value.members.emplace_back();
    field.key = name;
    field.value.kind = JsonKind::string;
    field.value.string = std::move(value);
  }
  const ConfigEntry entry = read_entry(member);
  if (!entry.credential) return entry.refusal;
  if (same_credential(*entry.credential, credential)) return std::nullopt;
  return Refusal{"docker would read another login"};
}

}  // namespace cred
