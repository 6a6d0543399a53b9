// SPDX-License-Identifier: MIT
// One member of "auths": what docker takes from it, and what is written for a credential. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helper/text/json_text.h"
#include "platform/store/store.h"
#include "platform/system/error.h"

namespace cred {

// Docker's own mark: with it as username, the secret is an identity token.
inline constexpr std::string_view kTokenUsername = "<token>";

// What podman, skopeo and buildah make of "auth", the one field that holds a login for them.
enum class AuthField {
  none,    // nothing, or nothing that they take for a login
  login,   // one; no helper may be able to hold it
  broken,  // at which their search ends
};

struct ConfigEntry {
  std::string key;  // docker's name of the server

  // What docker would take from the entry. For an identity token the username is "<token>".
  std::optional<Credential> credential;

  // Why an entry that holds a credential, or is not of docker's types, gives none: "the password is
  // empty". Quotes nothing of it.
  std::optional<Refusal> refusal;

  // Docker can make use of the entry, so one that stays has to keep working.
  bool docker_reads_it = true;

  AuthField auth = AuthField::none;
  bool holds_credential = false;  // an auth, username, password or identitytoken
  bool holds_registry_token = false;
  std::vector<std::string> unknown_fields;  // names of fields that docker does not know
};

[[nodiscard]] ConfigEntry read_entry(const JsonMember& member);

// Whether a field of this name is part of the credential: it goes when the credential moves.
[[nodiscard]] bool is_credential_field(std::string_view name);

// Whether `key` names a server that can be asked for by a line of text.
[[nodiscard]] bool can_be_asked_for(std::string_view key);

// What is written for a credential.
struct EntryText {
  struct Field {
    const char* name;
    std::string value;
  };
  std::vector<Field> fields;

  // Docker and the kubelet read it, podman, skopeo and buildah do not, and docker spoils it when it
  // next writes the file: a colon in the username, at which "auth" would end it.
  bool is_fragile = false;
};

// For a credential that why_no_entry() has nothing against.
[[nodiscard]] EntryText entry_for(const Credential& credential);

// Why no helper can hand on a login that docker may well read: "the password is empty".
[[nodiscard]] std::optional<Refusal> why_no_login(std::string_view username,
                                                  std::string_view secret);

// Why docker would not read `credential` out of an entry `key`: "the password is empty".
[[nodiscard]] std::optional<Refusal> why_no_entry(std::string_view key,
                                                  const Credential& credential);

}  // namespace cred
