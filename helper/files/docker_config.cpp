// SPDX-License-Identifier: MIT
#include "helper/files/docker_config.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "platform/system/error.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

constexpr std::string_view kAuths = "auths";
constexpr std::string_view kCredsStore = "credsStore";
constexpr std::string_view kCredHelpers = "credHelpers";

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

struct Field {
  std::string_view name;
  std::string_view Fields::*value;
  bool is_login;  // goes into a helper
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

bool is_null(const JsonNode& node) { return node.kind == JsonKind::null; }
bool is_string(const JsonNode& node) { return node.kind == JsonKind::string; }
bool is_object(const JsonNode& node) { return node.kind == JsonKind::object; }

[[noreturn]] void refuse(std::string_view name, std::string_view problem) {
  throw Error(Errc::bad_request, std::string(name).append(problem));
}

// The first reason stands.
void reject(ConfigEntry& entry, std::string problem, bool docker_reads_it) {
  if (entry.problem.empty()) entry.problem = std::move(problem);
  entry.docker_reads_it = entry.docker_reads_it && docker_reads_it;
}

// Decodes as Go does: with padding, past line ends.
std::optional<std::vector<char>> decode_base64(std::string_view text) {
  // To libsodium, the end of the string of ignored characters is one of them.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  std::vector<char> bytes(text.size());
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), "\r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::string_view trim_nul(std::string_view text) {
  const auto first = text.find_first_not_of('\0');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of('\0') - first + 1);
}

// A helper gets the key as a line without blanks around it.
bool can_be_asked_for(std::string_view key) {
  return !key.empty() && std::ranges::none_of(key, [](char c) { return '\0' <= c && c <= ' '; });
}

// Sets the credential of `entry`, or says why there is none.
void read_login(const Fields& fields, ConfigEntry& entry) {
  std::string_view username = fields.username;
  std::string_view secret = fields.password;

  std::optional<std::vector<char>> decoded;  // owns what the two stand for
  if (!fields.auth.empty()) {
    decoded = decode_base64(fields.auth);
    if (!decoded) return reject(entry, "auth is not base64", false);
    const std::string_view login(decoded->data(), decoded->size());
    const auto colon = login.find(':');
    if (colon == std::string_view::npos) return reject(entry, "auth has no colon", false);
    if (colon == 0) return reject(entry, "auth has no username", false);
    username = login.substr(0, colon);
    secret = trim_nul(login.substr(colon + 1));
  }
  if (!fields.identity_token.empty()) {
    username = kTokenUsername;
    secret = fields.identity_token;
  }

  // Docker takes all of these from a file, but none survives the way through a helper.
  if (!can_be_asked_for(entry.key)) return reject(entry, "a helper cannot be asked for it", true);
  if (username.empty()) return reject(entry, "the username is empty", true);
  if (secret.empty()) return reject(entry, "the password is empty", true);
  for (const std::string_view text : {username, secret}) {
    if (text.find('\0') != std::string_view::npos)
      return reject(entry, "the login holds a NUL", true);
    if (!is_utf8(text)) return reject(entry, "the login is not UTF-8", true);
  }
  entry.credential = Credential{entry.key, std::string(username), Secret(secret)};
}

ConfigEntry read_entry(const JsonMember& member) {
  ConfigEntry entry;
  entry.key = member.key;
  if (is_null(member.value)) return entry;
  if (!is_object(member.value)) {
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
    if (is_null(part.value)) continue;
    std::string_view& value = fields.*field->value;
    if (!is_string(part.value)) {
      reject(entry, std::string(field->name) + " is not a string", false);
    } else if (!value.empty()) {
      // Docker takes the last spelling; what the others hold would be lost.
      reject(entry, std::string(field->name) + " is there twice", true);
    } else {
      value = part.value.string;
    }
    const bool empty = is_string(part.value) && part.value.string.empty();
    entry.holds_credential = entry.holds_credential || (field->is_login && !empty);
  }
  entry.holds_registry_token = !fields.registry_token.empty();
  if (entry.holds_credential && entry.problem.empty()) read_login(fields, entry);
  return entry;
}

std::vector<ConfigEntry> read_entries(const JsonNode& auths) {
  std::vector<ConfigEntry> entries;
  entries.reserve(auths.members.size());
  for (const JsonMember& member : auths.members) entries.push_back(read_entry(member));
  return entries;
}

// Returns nullptr if there is none.
const JsonMember* find_section(const JsonNode& root, std::string_view name) {
  const JsonMember* found = nullptr;
  for (const JsonMember& member : root.members) {
    if (!same_json_key(member.key, name)) continue;
    if (found != nullptr) refuse(name, " is there twice");
    found = &member;
  }
  return found;
}

// A blank file is what a crash or `touch` leaves, and docker begins anew on it.
std::string document_of(std::string text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos ? "{}" : std::move(text);
}

JsonNode parse_object(std::string_view text) {
  JsonNode root = parse_json(text);
  if (!is_object(root)) refuse("the top level", " is not an object");
  return root;
}

void empty_entry(const JsonNode& entry, JsonEdits& edits) {
  for (const JsonMember& part : entry.members) {
    const Field* field = find_field(part.key);
    if (field != nullptr && field->is_login) edits.remove(entry, part);
  }
}

void set_creds_store(const JsonNode& root, const std::string& helper, JsonEdits& edits) {
  const JsonMember* member = find_section(root, kCredsStore);
  if (member == nullptr) {
    if (!helper.empty()) edits.insert(root, std::string(kCredsStore), quote_json(helper));
  } else if (helper.empty()) {
    edits.remove(root, *member);
  } else {
    edits.replace(member->value, quote_json(helper));
  }
}

void insert_login(const JsonNode& entry, const Credential& login, JsonEdits& edits) {
  const auto add = [&](const char* field, std::string_view value) {
    edits.insert(entry, field, quote_json(value));
  };
  const std::string_view secret = login.secret.reveal();
  if (login.username == kTokenUsername) {
    add("auth", encode_base64(std::string(kNobody) + ':'));
    add("identitytoken", secret);
  } else if (login.username.find(':') != std::string::npos) {  // where "auth" ends the username
    add("username", login.username);
    add("password", secret);
  } else {
    add("auth", encode_base64(std::string(login.username).append(":").append(secret)));
  }
}

// Into objects that are there everything is an ordinary insertion, so what lacks its object is
// prepared here and left to another pass, as `rest`.
void edit_auths(const JsonNode& root, const ConfigEdit& edit, JsonEdits& edits, ConfigEdit& rest) {
  const JsonMember* auths = find_section(root, kAuths);
  if (auths == nullptr || is_null(auths->value)) {
    if (edit.filled.empty()) return;
    if (auths == nullptr) {
      edits.insert(root, std::string(kAuths), "{}");
    } else {
      edits.replace(auths->value, "{}");
    }
    rest.filled = edit.filled;
    return;
  }
  auto missing = edit.filled;
  for (const JsonMember& entry : auths->value.members) {
    const auto login = edit.filled.find(entry.key);
    if (login != edit.filled.end() && is_null(entry.value)) {
      missing.erase(entry.key);
      edits.replace(entry.value, "{}");
      rest.filled.insert(*login);
      continue;
    }
    if (edit.removed.contains(entry.key)) {
      edits.remove(auths->value, entry);
      continue;
    }
    const bool is_filled = login != edit.filled.end();
    if (is_filled || edit.emptied.contains(entry.key)) empty_entry(entry.value, edits);
    if (!is_filled) continue;
    missing.erase(entry.key);
    insert_login(entry.value, *login->second, edits);
  }
  for (const auto& [key, login] : missing) edits.insert(auths->value, key, "{}");
  rest.filled.insert(missing.begin(), missing.end());
}

// The same for credHelpers.
void edit_cred_helpers(const JsonNode& root, const ConfigEdit& edit, JsonEdits& edits,
                       ConfigEdit& rest) {
  const JsonMember* section = find_section(root, kCredHelpers);
  if (section == nullptr || is_null(section->value)) {
    if (edit.cred_helpers.empty()) return;
    if (section == nullptr) {
      edits.insert(root, std::string(kCredHelpers), "{}");
    } else {
      edits.replace(section->value, "{}");
    }
    rest.cred_helpers = edit.cred_helpers;
    return;
  }

  const JsonNode& helpers = section->value;
  std::vector<const JsonMember*> removed;
  auto missing = edit.cred_helpers;
  for (const JsonMember& helper : helpers.members) {
    if (const auto wanted = edit.cred_helpers.find(helper.key); wanted != edit.cred_helpers.end()) {
      missing.erase(helper.key);
      if (helper.value.string != wanted->second) {
        edits.replace(helper.value, quote_json(wanted->second));
      }
    } else if (edit.helpers_to_remove.contains(helper.key)) {
      removed.push_back(&helper);
    }
  }

  // An object that was empty before is not ours to tidy.
  if (!removed.empty() && removed.size() == helpers.members.size() && missing.empty()) {
    return edits.remove(root, *section);
  }
  for (const JsonMember* helper : removed) edits.remove(helpers, *helper);
  for (const auto& [server, helper] : missing) edits.insert(helpers, server, quote_json(helper));
}

}  // namespace

std::string encode_base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // the NUL
  return text;
}

DockerConfig DockerConfig::parse(std::string text) {
  DockerConfig config;
  config.text_ = document_of(std::move(text));
  config.root_ = parse_object(config.text_);

  // As in Go, null is as good as nothing.
  if (const JsonMember* auths = find_section(config.root_, kAuths)) {
    if (!is_object(auths->value) && !is_null(auths->value)) refuse(kAuths, " is not an object");
    config.entries_ = read_entries(auths->value);
  }
  if (const JsonMember* store = find_section(config.root_, kCredsStore)) {
    if (!is_string(store->value) && !is_null(store->value)) refuse(kCredsStore, " is not a string");
    config.creds_store_ = store->value.string;
  }
  if (const JsonMember* helpers = find_section(config.root_, kCredHelpers)) {
    if (!is_object(helpers->value) && !is_null(helpers->value)) {
      refuse(kCredHelpers, " is not an object");
    }
    for (const JsonMember& helper : helpers->value.members) {
      if (!is_string(helper.value) && !is_null(helper.value)) {
        refuse(kCredHelpers, " names a helper that is not a string");
      }
      config.cred_helpers_.emplace(helper.key, helper.value.string);
    }
  }
  return config;
}

std::string_view DockerConfig::text_of(std::string_view key) const {
  const JsonMember* auths = find_section(root_, kAuths);
  if (auths == nullptr) return {};
  for (const JsonMember& entry : auths->value.members) {
    if (entry.key != key) continue;
    const std::string_view text = text_;
    return text.substr(entry.value.begin, entry.value.end - entry.value.begin);
  }
  return {};
}

std::string DockerConfig::edited(const ConfigEdit& edit) const {
  JsonEdits edits(text_, root_);
  ConfigEdit rest;
  edit_auths(root_, edit, edits, rest);
  if (edit.creds_store) set_creds_store(root_, *edit.creds_store, edits);
  edit_cred_helpers(root_, edit, edits, rest);
  std::string text = edits.apply();
  const bool done = rest.filled.empty() && rest.cred_helpers.empty();
  return done ? text : parse(std::move(text)).edited(rest);
}

std::vector<ConfigEntry> parse_dockercfg(std::string_view text) {
  return read_entries(parse_object(document_of(std::string(text))));
}

}  // namespace cred
