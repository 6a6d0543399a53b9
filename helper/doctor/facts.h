// SPDX-License-Identifier: MIT
// What doctor knows of a machine. Gathering it changes nothing and asks nobody.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "helper/files/kubelet_patterns.h"
#include "helper/files/login_files.h"
#include "helper/files/node_files.h"
#include "helper/files/registries_conf.h"
#include "helper/files/verdict.h"
#include "platform/forward/store.h"
#include "platform/keyring/status.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/vault/status.h"

namespace cred {

struct ProgramFacts {
  std::filesystem::path path;                    // of the program that runs
  std::optional<std::filesystem::path> on_path;  // what docker starts
  std::optional<Refusal> refusal;                // why docker does not start that
  std::string whole_path;                        // the folders of PATH from which it would
  bool is_in_whole_path = false;                 // and one of them has the program that runs
  bool is_this = false;                          // it is the program that runs
  bool in_own_folder = false;                    // of this user, who may install there
  bool sudo_counts = false;                      // there is a sudo that sets a PATH of its own
  std::optional<std::filesystem::path> under_sudo;
};

// docker-credential-NAME, as a file of credentials names it.
struct NamedHelper {
  std::optional<std::filesystem::path> program;
  std::optional<Refusal> refusal;  // why it cannot be started
  bool is_this = false;            // a link to the program that runs
};

// An entry of such a file, without what is secret in it.
struct EntryFacts {
  std::string server;
  std::string username;            // empty where none can be read
  std::optional<Refusal> refusal;  // why no credential can be read out of it
  bool docker_reads_it = true;
  AuthField auth = AuthField::none;  // what podman, skopeo and buildah take from it
  bool holds_credential = false;
  bool holds_registry_token = false;
  Verdict verdict = {};
};

// A file with credentials in it, which need not be there.
struct LoginFileFacts {
  FileStatus file;
  FileStatus folder;
  Access writing = Access::allowed;  // in the folder, where docker and migrate replace the file
  const LoginFormat* format = &kDockerConfigFormat;
  bool is_of_snap = false;         // docker's, whatever path leads there
  std::optional<Refusal> refusal;  // why its text cannot be used
  std::string creds_store;
  std::map<std::string, std::string> cred_helpers;  // by server
  std::vector<EntryFacts> entries;
  std::vector<std::filesystem::path> leftovers;  // files beside it with credentials in plaintext
  std::vector<std::filesystem::path> own_leftovers;  // those of them that a migrate left

  [[nodiscard]] bool holds_credentials() const;
};

// What podman, skopeo and buildah ask.
struct ContainersFacts {
  bool is_used = false;    // one of them is installed, or has a file with credentials
  bool is_remote = false;  // podman has a connection to another one
  RegistriesConfFolders folders;
  std::vector<HelperList> lists;   // as they read them
  std::vector<std::string> asked;  // what counts in the end
  std::optional<Error> failure;    // of a file at which they stop
  FileStatus failed;               // that file
  std::vector<std::filesystem::path> own_drop_ins;
  std::optional<FileStatus> chosen;  // by $REGISTRY_AUTH_FILE

  [[nodiscard]] bool asks(const std::string& helper) const;
};

// A credential as the stores show it; while one is locked, as the index does.
struct StoredCredential {
  std::string username;  // empty where it cannot be read
  std::vector<StoreId> stores;
};

// What is in a store, as far as it can be known while it may be locked.
struct StoreFacts {
  bool is_unlocked = false;
  std::map<std::string, std::string> usernames;  // by server, as the store shows them
  std::vector<std::string> indexed;              // servers that it has by the index
  std::vector<std::string> stale;                // of which it has an old copy by the index
};

// Of a vault that several machines share.
struct SharedFacts {
  std::int64_t age = 0;  // seconds since the copy was last compared
  bool has_systemd = false;
  bool has_timer = false;                        // which does that by itself
  std::optional<std::int64_t> certificate_left;  // seconds until that of this machine ends
  bool may_write = false;                        // to an etcd, where only reading is needed
};

struct DoctorFacts {
  Environment environment;
  bool at_terminal = false;  // somebody can be asked for a passphrase

  Settings settings;
  FileStatus settings_file;
  FileStatus index_file;

  std::string_view installer;  // what installs a package here, less its name; empty if not known

  ProgramFacts program;
  bool is_docker_used = true;              // as expects_docker() has it
  std::optional<MistakenFolder> mistaken;  // the files are those of the folder that was meant
  std::vector<LoginFileFacts> files;
  std::map<std::string, NamedHelper> helpers;  // by name; ours is not among them
  FileStatus snap_config;
  ContainersFacts containers;
  std::vector<NodeFile> node_files;
  std::optional<KubeletPatterns> kubelet;  // of root alone

  KeyringStatus keyring;
  std::vector<std::filesystem::path> unprotected_keyrings;
  VaultInspection vault;
  SharedFacts shared;
  std::map<StoreId, StoreFacts> stores;  // each of kStores
  std::optional<HomeStatus> home;        // where a socket leads to one

  [[nodiscard]] bool home_answers() const { return home && !home->absence; }
  [[nodiscard]] bool is_root() const { return environment.uid == 0; }
  [[nodiscard]] std::map<std::string, StoredCredential> credentials() const;
};

// `root` stands before the paths of the system: "/" but in tests.
[[nodiscard]] DoctorFacts gather_facts(const Environment& environment,
                                       const std::filesystem::path& root = "/");

}  // namespace cred
