// SPDX-License-Identifier: MIT
// What a migration would do, as a value: nothing is changed here. The order of a migration, which
// helper/migrate/run.h carries out: plan → store all → read all back → rewrite the file in one
// step. Docker takes the helper's answer over the file's as soon as credsStore is set, so no other
// order keeps every credential working at every moment.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "helper/files/docker_config.h"
#include "helper/files/login_files.h"
#include "platform/store/store.h"

namespace cred {

enum class Action {
  moved,    // to the store, and out of the file
  kept,     // stays in the file as it is
  skipped,  // nothing in it to move
};

enum class MigrationStatus {
  migrated,   // nothing secret stays
  partial,    // an entry with a credential stays
  unchanged,  // there was nothing to do
  refused,    // left as it is: another helper is configured, or it cannot be read or written
};

struct SourceFile {
  std::string path;
  std::optional<std::string> text;  // nullopt: there is no such file yet
  const LoginFormat* format = &kDockerConfigFormat;
  bool is_volatile = false;               // lost at logout or with the machine
  std::optional<Refusal> held_back = {};  // why no credential may leave the file
};

struct PlannedEntry {
  std::string server;
  std::string username;  // empty where none can be read
  Action action = Action::skipped;
  std::optional<StoreId> store;    // that it moves to; nullopt unless it moves
  std::string reason;              // for people; empty if there is nothing to say
  bool leaves_credential = false;  // a username, password, auth or identity token stays in the file
  bool is_lost = false;            // its credential was in a helper that is gone
  std::vector<std::string> stored_as = {};  // its servers among the credentials of the plan
};

struct PlannedFile {
  SourceFile source;
  MigrationStatus status = MigrationStatus::unchanged;
  std::string reason;  // concerns the file as a whole; empty if there is nothing to say
  std::vector<PlannedEntry> entries;
  std::optional<std::string> new_text;  // nullopt: the file is not to be written
};

// A credential of another helper, or why it has none to give.
struct HelperCredential {
  std::string server;
  std::string username;
  std::optional<Credential> credential;
  std::optional<Refusal> refusal;
};

// Another helper, which we replace. What it keeps, docker goes on asking of it.
struct HelperCredentials {
  std::string helper;  // as config.json names it: "pass"
  Store* source;       // never null; its name() is the program
  std::vector<HelperCredential> credentials;
  bool is_gone = false;  // docker cannot start it: none of these is left
};

// A credential that has to be in the store before any file is written.
struct PlannedCredential {
  Credential wanted;
  std::optional<Credential> before;  // what the store holds for that server now

  [[nodiscard]] bool is_stored() const;
};

// How podman, skopeo and buildah are set up.
struct PlannedDropIn {
  enum class Status { written, unchanged, refused };
  std::string file;
  Status status = Status::unchanged;
  std::vector<std::string> helpers;  // whom these tools ask, the first one first
  std::vector<std::string> remarks;  // for people
  bool hides_logins = false;         // a login that they found is not found any more
};

struct MigrationPlan {
  std::vector<PlannedFile> files;
  std::vector<PlannedCredential> credentials;  // one for each server
  std::optional<PlannedDropIn> drop_in;        // helper/migrate/containers_setup.h adds it
};

// Throws Error(bad_request) for a file that is not what docker writes; its message names the file.
[[nodiscard]] DockerConfig parse_config(const SourceFile& source);

// Throws as parse_config() does. Reads `store`, which may ask the user to unlock. With `replace` a
// different credential that is stored already is replaced, and so is that of an earlier file. What
// this run stored itself, `own`, always does. The credentials of `from` come before those of the
// files, and are the last file of the plan.
[[nodiscard]] MigrationPlan plan_migration(std::span<const SourceFile> sources, Store& store,
                                           bool replace,
                                           std::span<const PlannedCredential> own = {},
                                           const HelperCredentials* from = nullptr);

}  // namespace cred
