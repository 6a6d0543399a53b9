// SPDX-License-Identifier: MIT
// What the user set in settings.json.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/store_id.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

enum class Prompting { automatic, always, never };

// What `list` calls a server.
enum class ListNames {
  docker,      // as it is stored, and Docker Hub as docker's key of it
  containers,  // host[:port] alone, Docker Hub as docker.io: podman --remote takes no other name
};

// What cannot be used of what was set; it counts as not set.
struct SettingsProblem {
  enum class Kind { file_unreadable, file_unusable, variable_unusable };
  Kind kind;
  std::string text;  // for people
};

// Set for what we start to have a key: it must not come to ask us for one.
inline constexpr const char* kInsideVariable = "DOCKER_CREDENTIAL_KEYRING_INSIDE";

inline constexpr const char* kSocketVariable = "DOCKER_CREDENTIAL_KEYRING_SOCKET";

// A vault that several machines share: "vault_at" and what goes with it.
struct SharedVaultSettings {
  std::string at;  // "vault_at": the place, etcd://… or https://…; empty: the vault is not shared
  std::string id;              // "vault_id": of the one vault that is taken from there, hexadecimal
  std::filesystem::path ca;    // "vault_ca"
  std::filesystem::path cert;  // "vault_cert"
  std::filesystem::path cert_key;       // "vault_cert_key"
  std::filesystem::path password_file;  // "vault_password_file": of an https place
};

struct Settings {
  // "store": "auto", an id of kStores or that of home; $DOCKER_CREDENTIAL_KEYRING_STORE beats it.
  std::optional<StoreId> store;  // the only one that counts; nullopt for "auto"
  std::chrono::milliseconds reply_timeout = std::chrono::seconds(5);     // "reply_timeout_s"
  std::chrono::milliseconds prompt_timeout = std::chrono::seconds(120);  // "prompt_timeout_s"
  Prompting prompt = Prompting::automatic;   // "prompt": "auto", "always" or "never"
  bool namespace_fallback = true;            // "namespace_fallback": host/path is answered by host
  ListNames list_names = ListNames::docker;  // "list_names": "docker" or "containers"
  std::filesystem::path clevis;              // "clevis": the program; empty: the system's
  std::string key_command;                   // "key_command": prints the vault's key; may be empty
  std::filesystem::path key_file;            // "key_file": has the vault's key; may be empty
  SharedVaultSettings shared;
  std::chrono::seconds copy_max_age = std::chrono::hours(24);  // "vault_copy_max_age_s"; 0: any

  // A socket that home's stores are asked through, and whose it may be besides this user's and
  // root's: "socket" and "socket_uid"; $DOCKER_CREDENTIAL_KEYRING_SOCKET and …_SOCKET_UID beat
  // them.
  std::filesystem::path socket;  // empty: there is none
  std::optional<uid_t> socket_uid;

  // For whom a forward asks: a line that is shown before a question. Nothing sets it in the file.
  std::string asked_for;

  // A command that we started calls us: nobody is asked, and no key command runs.
  bool is_inside = false;

  std::vector<SettingsProblem> problems;
};

// As for a command that we started: no question, and no key command, which may ask one.
void ask_nobody(Settings& settings);

// The user's own file.
[[nodiscard]] std::filesystem::path settings_file(const Environment& environment);

// Root's other one, which says what root's own one does not; whether `environment` has it.
inline constexpr const char* kSystemSettings = "/etc/docker-credential-keyring/settings.json";
[[nodiscard]] bool has_system_settings(const Environment& environment);

// Reads settings.json in the configuration folder; for root, that of the system before it. A
// missing file means the defaults; nothing in it is an Error: a typing error must not stop a pull.
[[nodiscard]] Settings read_settings(const Environment& environment);

// The same, with its problems named on `notes`.
[[nodiscard]] Settings read_settings(const Environment& environment, const Notes& notes);

}  // namespace cred
