// SPDX-License-Identifier: MIT
// Docker's config.json: text → document → text. Reads an entry as docker does, and changes nothing
// but what it is asked to: unknown keys, order, spacing and numbers keep their bytes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "helper/text/json_text.h"
#include "platform/store/store.h"

namespace cred {

// Docker's own mark: with it as username, the secret is an identity token.
inline constexpr std::string_view kTokenUsername = "<token>";

// Readers of an entry with an identity token expect a username beside it, and helpers keep none:
// this one is what registries that hand out such tokens take for no name.
inline constexpr std::string_view kNobody = "00000000-0000-0000-0000-000000000000";

// As "auth" is written: with padding.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

// One member of "auths".
struct ConfigEntry {
  std::string key;  // docker's name of the server

  // What docker would take from the entry. For an identity token the username is "<token>".
  std::optional<Credential> credential;

  // Why an entry that holds a login, or is not of docker's types, gives no credential: "the
  // password is empty". Quotes nothing of it.
  std::string problem;

  // Docker can make use of the entry, so one that stays has to keep working.
  bool docker_reads_it = true;

  bool holds_credential = false;  // an auth, username, password or identitytoken
  bool holds_registry_token = false;
  std::vector<std::string> unknown_fields;  // names of fields that docker does not know
};

// What to change in a config.json.
struct ConfigEdit {
  std::set<std::string> emptied;           // entries that lose their login fields, and only those
  std::optional<std::string> creds_store;  // "" removes it
  std::map<std::string, std::string> cred_helpers;  // server → helper; "" stands for this file
  std::set<std::string> helpers_to_remove;          // keys of credHelpers
  // Entries that get the login fields of a credential, which outlives the edit and is UTF-8; what
  // else they hold stays, and missing ones are added.
  std::map<std::string, const Credential*> filled = {};
  std::set<std::string> removed = {};  // entries that go, key and all
};

class DockerConfig {
 public:
  // A blank text is the document {}. Throws Errc::bad_request for what cannot be edited safely:
  // JSON that is malformed or names a key twice, or a part that is not of docker's type.
  [[nodiscard]] static DockerConfig parse(std::string text);

  [[nodiscard]] const std::vector<ConfigEntry>& entries() const { return entries_; }

  // The bytes of an entry's value; "" if there is no such entry.
  [[nodiscard]] std::string_view text_of(std::string_view key) const;

  // The helper for every server that cred_helpers() does not name; "" if there is none.
  [[nodiscard]] const std::string& creds_store() const { return creds_store_; }

  // Maps a server to its helper. "" stands for this file.
  [[nodiscard]] const std::map<std::string, std::string>& cred_helpers() const {
    return cred_helpers_;
  }

  // Returns the text after `edit`. Names in `edit` that the document does not have are no error.
  [[nodiscard]] std::string edited(const ConfigEdit& edit) const;

 private:
  DockerConfig() = default;

  std::string text_;
  JsonNode root_;
  std::vector<ConfigEntry> entries_;
  std::string creds_store_;
  std::map<std::string, std::string> cred_helpers_;
};

// Reads a ~/.dockercfg, which is "auths" and nothing else. Throws as DockerConfig::parse() does.
[[nodiscard]] std::vector<ConfigEntry> parse_dockercfg(std::string_view text);

}  // namespace cred
