// SPDX-License-Identifier: MIT
#include "helper/doctor/facts.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <set>
#include <utility>

#include "helper/files/docker_config.h"
#include "helper/files/leftovers.h"
#include "helper/files/login_files.h"
#include "helper/files/node_files.h"
#include "helper/files/podman_remote.h"
#include "platform/open_store.h"
#include "platform/store/docker_names.h"
#include "platform/store/server_index.h"
#include "platform/system/config_file.h"
#include "platform/system/process.h"
#include "platform/system/terminal.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

// What sudo's PATH is on Debian, where its configuration cannot be read.
constexpr const char* kUsualSudoPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

ProgramFacts inspect_program(const Environment& environment, const path& root) {
  ProgramFacts facts;
  facts.path = own_program();
  facts.on_path = find_program(environment, kProgram);
  if (facts.on_path) {
    facts.refusal = why_not_by_name(*facts.on_path);
    facts.whole_path = whole_folders(environment.get("PATH").value_or(""));
    const auto whole = find_program(facts.whole_path, kProgram);
    facts.is_in_whole_path = whole && is_this_program(*whole);
    facts.is_this = is_this_program(*facts.on_path);
    facts.in_own_folder = inspect_status(facts.on_path->parent_path()).owner == environment.uid;
  }
  if (environment.uid == 0 || !find_program(kUsualSudoPath, "sudo")) return facts;
  const FileStatus sudoers = inspect_file(root / "etc/sudoers");
  const auto folders = sudoers.text ? secure_path_of(*sudoers.text) : kUsualSudoPath;
  facts.sudo_counts = folders.has_value();
  if (folders) facts.under_sudo = find_program(*folders, kProgram);
  return facts;
}

void read_credentials(LoginFileFacts& facts) {
  try {
    const DockerConfig config = facts.format->parse(*facts.file.text);
    if (facts.format->obeys_creds_store) facts.creds_store = config.creds_store();
    facts.cred_helpers = config.cred_helpers();
    for (const auto& entry : config.entries()) {
      facts.entries.push_back({.server = entry.key,
                               .username = entry.credential ? entry.credential->username : "",
                               .refusal = entry.refusal,
                               .docker_reads_it = entry.docker_reads_it,
                               .auth = entry.auth,
                               .holds_credential = entry.holds_credential,
                               .holds_registry_token = entry.holds_registry_token,
                               .verdict = judge(entry, config, *facts.format)});
    }
  } catch (const Error& failure) {
    facts.refusal = Refusal{failure.what()};
  }
}

LoginFileFacts inspect_login_file(const LoginFile& file) {
  LoginFileFacts facts;
  facts.format = file.format;
  facts.file = inspect_file(file.path);
  facts.is_of_snap = is_of_snap(file.path);
  facts.folder = inspect_status(file.path.parent_path());
  facts.writing = inspect_writing(file.path.parent_path());
  if (facts.file.text) read_credentials(facts);
  try {
    const ConfigFile config(file.path);
    const path folder = config.target().parent_path();
    facts.folder = inspect_status(folder);
    facts.writing = inspect_writing(folder);
    facts.leftovers = find_plaintext_beside(config);
    facts.own_leftovers = config.own_leftovers();
  } catch (const Error&) {
    facts.leftovers.clear();  // a folder or a link that nobody can follow
  }
  return facts;
}

// All of them together take no longer than this.
constexpr std::chrono::milliseconds kHelperLimit(3000);
constexpr std::chrono::milliseconds kOneHelperLimit(2000);

NamedHelper inspect_helper(const Environment& environment, const std::string& name,
                           std::chrono::milliseconds limit) {
  NamedHelper helper;
  if (name.find('/') != std::string::npos) return helper;  // which docker does not look for on PATH
  helper.program = find_program(environment, std::string(kHelperPrefix) + name);
  helper.is_this = helper.program && is_this_program(*helper.program);
  if (helper.program) helper.refusal = why_not_by_name(*helper.program);
  if (helper.program && !helper.refusal && limit.count() > 0) {
    helper.refusal = why_not_startable(environment, *helper.program, limit);
  }
  return helper;
}

std::map<std::string, NamedHelper> inspect_helpers(const Environment& environment,
                                                   const std::vector<LoginFileFacts>& files,
                                                   const ContainersFacts& containers) {
  using std::chrono::steady_clock;
  std::set<std::string> names(containers.asked.begin(), containers.asked.end());
  for (const auto& file : files) {
    names.insert(file.creds_store);
    for (const auto& [server, name] : file.cred_helpers) names.insert(name);
  }
  names.erase("");
  names.erase(kHelperName);
  names.erase(kAuthFilesHelper);
  std::map<std::string, NamedHelper> helpers;
  const auto end = steady_clock::now() + kHelperLimit;
  for (const auto& name : names) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now());
    helpers.emplace(name, inspect_helper(environment, name, std::min(left, kOneHelperLimit)));
  }
  return helpers;
}

ContainersFacts inspect_containers(const Environment& environment, const path& root) {
  ContainersFacts facts;
  facts.is_used = uses_containers_tools(environment);
  facts.is_remote = has_podman_connection(environment, root);
  facts.folders = registries_conf_folders(environment);
  try {
    facts.lists = read_helper_lists(facts.folders);
  } catch (const Error& failure) {
    facts.failure = failure;
    if (failure.path() != nullptr) facts.failed = inspect_status(*failure.path());
  }
  facts.asked = effective_helpers(facts.lists);
  if (const auto chosen = environment.get("REGISTRY_AUTH_FILE")) {
    facts.chosen = inspect_status(*chosen);
  }
  for (const auto& folder : {facts.folders.user, facts.folders.system}) {
    const FileStatus drop_in = inspect_file(drop_in_path(folder));
    if (drop_in.text && is_own_drop_in(*drop_in.text)) facts.own_drop_ins.push_back(drop_in.path);
  }
  return facts;
}

void inspect_settings(DoctorFacts& facts) {
  facts.settings = read_settings(facts.environment);
  facts.settings_file = inspect_file(facts.environment.config_folder() / "settings.json");
  facts.index_file = inspect_file(index_file(facts.environment));
}

using Usernames = std::map<std::string, std::string>;

Usernames newest_of(const std::map<std::string, std::vector<std::string>>& items) {
  Usernames newest;
  for (const auto& [server, usernames] : items) newest[server] = usernames.back();
  return newest;
}

bool has_timer(const Environment& environment, const path& root) {
  const path units = environment.uid == 0 ? root / "etc/systemd/system"
                                          : environment.config_home() / "systemd/user";
  return inspect_status(units / "timers.target.wants/docker-credential-keyring-sync.timer").exists;
}

SharedFacts inspect_shared(const DoctorFacts& facts, const path& root) {
  SharedFacts shared;
  const auto& status = facts.vault.status.shared;
  if (!status) return shared;
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  shared.age = now - static_cast<std::int64_t>(status->checked);
  shared.has_systemd = inspect_status(root / "run/systemd/system").exists;
  shared.has_timer = has_timer(facts.environment, root);
  if (const auto end = certificate_end(facts.settings)) {
    shared.certificate_left = static_cast<std::int64_t>(*end) - now;
  }
  // An admin's machine has to write, and no timer.
  if (shared.has_timer) shared.may_write = may_write_place(facts.settings).value_or(false);
  return shared;
}

void inspect_stores(DoctorFacts& facts) {
  facts.keyring = inspect_keyring(facts.environment, facts.settings);
  facts.unprotected_keyrings = find_unprotected_keyrings(facts.environment);
  facts.vault = inspect_vault(facts.environment, facts.settings);
  facts.stores[kKeyringId] = {facts.keyring.is_unlocked(), newest_of(facts.keyring.items), {}, {}};
  const auto& vault = facts.vault.status;
  facts.stores[kVaultId] = {vault.is_unlocked(), vault.usernames.value_or(Usernames{}), {}, {}};
  const ServerIndex index(facts.environment, IndexUse::only_read);
  for (auto& [id, store] : facts.stores) {
    store.indexed = index.servers(id);
    store.stale = index.stale_servers(id);
  }
}

void add_credential(std::map<std::string, StoredCredential>& credentials, const std::string& server,
                    const std::string& username, StoreId store) {
  StoredCredential& credential = credentials[server];
  if (credential.username.empty()) credential.username = username;
  if (!contains(credential.stores, store)) credential.stores.push_back(store);
}

std::string_view find_installer(const path& root) {
  constexpr std::array<std::pair<const char*, std::string_view>, 5> kKnown = {{
      {"usr/bin/apt-get", "apt-get install"},
      {"usr/bin/dnf", "dnf install"},
      {"usr/bin/zypper", "zypper install"},
      {"usr/bin/pacman", "pacman -S"},
      {"sbin/apk", "apk add"},
  }};
  for (const auto& [program, words] : kKnown) {
    if (inspect_status(root / program).exists) return words;
  }
  return {};
}

}  // namespace

bool LoginFileFacts::holds_credentials() const {
  return std::ranges::any_of(entries, &EntryFacts::holds_credential);
}

bool ContainersFacts::asks(const std::string& helper) const { return contains(asked, helper); }

std::map<std::string, StoredCredential> DoctorFacts::credentials() const {
  std::map<std::string, StoredCredential> result;
  for (const auto& [id, store] : stores) {
    for (const auto& [server, username] : store.usernames) {
      if (!contains(store.stale, server)) add_credential(result, server, username, id);
    }
  }
  for (const auto& [id, store] : stores) {
    if (store.is_unlocked) continue;  // what it has is shown
    for (const auto& server : store.indexed) add_credential(result, server, "", id);
  }
  return result;
}

DoctorFacts gather_facts(const Environment& environment, const path& root) {
  DoctorFacts facts;
  facts.environment = environment;
  facts.at_terminal = Terminal::open().has_value();
  inspect_settings(facts);
  facts.installer = find_installer(root);
  facts.program = inspect_program(environment, root);
  facts.is_docker_used = expects_docker(environment, root);
  facts.mistaken = find_mistaken_folder(environment);
  Environment meant = environment;
  if (facts.mistaken) meant.variables["DOCKER_CONFIG"] = facts.mistaken->meant;
  for (const auto& file : usual_login_files(meant)) {
    facts.files.push_back(inspect_login_file(file));
  }
  facts.containers = inspect_containers(meant, root);
  facts.helpers = inspect_helpers(environment, facts.files, facts.containers);
  facts.snap_config = inspect_file(snap_file(environment));
  if (facts.is_root()) {
    facts.node_files = inspect_node_files(root);
    facts.kubelet = find_kubelet_patterns(root);
  }
  inspect_stores(facts);
  if (asks_home(facts.settings)) facts.home = inspect_home(facts.settings);
  facts.shared = inspect_shared(facts, root);
  return facts;
}

}  // namespace cred
