// SPDX-License-Identifier: MIT
// Docker's config.json: text → document → text. Changes nothing but what it is asked to: unknown
// keys, order, spacing and numbers keep their bytes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "helper/files/entry.h"
#include "helper/text/json_text.h"
#include "platform/store/store.h"

namespace cred {

// What to change in a config.json.
struct ConfigEdit {
  std::set<std::string> emptied;           // entries that lose their credential, and only that
  std::optional<std::string> creds_store;  // "" removes it
  std::map<std::string, std::string> cred_helpers;  // server → helper; "" stands for this file
  std::set<std::string> helpers_to_remove;          // keys of credHelpers
  // Entries that get a credential, which outlives the edit and has nothing against it in
  // why_no_entry(); what else they hold stays, and missing ones are added.
  std::map<std::string, const Credential*> filled = {};
  std::set<std::string> removed = {};  // entries that go, key and all
};

class DockerConfig {
 public:
  // A blank text is the document {}. Throws Errc::bad_request for what cannot be edited safely:
  // JSON that is malformed or names a key twice, or a part that is not of docker's type.
  [[nodiscard]] static DockerConfig parse(std::string text);

  // The same for a ~/.dockercfg, which is "auths" and nothing else, and is not to be edited.
  [[nodiscard]] static DockerConfig parse_dockercfg(std::string text);

  [[nodiscard]] const std::vector<ConfigEntry>& entries() const { return entries_; }

  // The bytes of an entry's value; "" if there is no such entry.
  [[nodiscard]] std::string_view text_of(std::string_view key) const;

  // The helper for every server that cred_helpers() does not name; "" if there is none.
  [[nodiscard]] const std::string& creds_store() const { return creds_store_; }

  // Maps a server to its helper. "" stands for this file.
  [[nodiscard]] const std::map<std::string, std::string>& cred_helpers() const {
    return cred_helpers_;
  }

  // Whether it is a document of another program: it has keys, and none of docker's.
  [[nodiscard]] bool is_of_another_program() const;

  // Whom docker asks for `server`, which asked_as() gave; "" if it reads this file.
  [[nodiscard]] const std::string& helper_for(const std::string& server) const;

  // Whether docker asks the helper of this name, for one server or for all.
  [[nodiscard]] bool names(const std::string& helper) const;

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

// Whether `text`, of a config.json or of half a one, holds a credential.
[[nodiscard]] bool holds_credentials(std::string_view text);

}  // namespace cred
