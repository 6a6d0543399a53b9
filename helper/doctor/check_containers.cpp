// SPDX-License-Identifier: MIT
// podman, skopeo and buildah: which helpers they ask, and which of their credentials they do not
// find.
#include <algorithm>
#include <map>

#include "helper/cli/command.h"
#include "helper/cli/hints.h"
#include "helper/doctor/checks.h"
#include "helper/files/login_files.h"
#include "helper/servers/list_names.h"
#include "helper/servers/server_address.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

bool is_drop_in(const path& file) { return file.parent_path().filename() == "registries.conf.d"; }

// `command` on a file that may be the system's.
std::string on_file(const DoctorFacts& facts, const path& file, const std::string& command) {
  const bool of_system = file.string().starts_with(facts.containers.folders.system.string() + '/');
  return of_system ? as_root(facts, command) : command;
}

// A drop-in counts by its name, so another name takes it out.
std::string put_aside_command(const DoctorFacts& facts, const path& file) {
  const std::string name = file.string();
  return on_file(facts, file, shell_command({"mv", name, name + ".off"}));
}

std::string edit_command(const DoctorFacts& facts, const path& file, const std::string& edit) {
  return on_file(facts, file,
                 shell_command({"sed", "-i", "--follow-symlinks", edit, file.string()}));
}

void check_form(const DoctorFacts& facts, Findings& findings) {
  const auto& failure = facts.containers.failure;
  if (!failure) return;
  const bool is_seen = failure->code() == Errc::bad_request;
  findings.push_back({"registries-conf-malformed", Severity::problem, failure->what(),
                      is_seen ? put_aside_command(facts, facts.containers.failed.path)
                              : access_command(facts.containers.failed)});
}

// The last list that these tools read; they have one, or nothing here is called.
const HelperList& counting(const DoctorFacts& facts) { return facts.containers.lists.back(); }

// Has migrate write our drop-in anew, with or without the files as they need it; empty where
// another file decides.
std::string rewrite_command(const DoctorFacts& facts) {
  const path& file = counting(facts).file;
  if (!contains(facts.containers.own_drop_ins, file)) return "";
  const bool of_user = file == drop_in_path(facts.containers.folders.user);
  if (of_user) return shell_command({kProgram, "migrate"});
  return as_root(facts, shell_command({kProgram, "migrate", "--system"}));
}

// Whether something is in the file that these tools find there alone, also after a migrate.
bool needs_files(const LoginFileFacts& file) {
  const bool is_rewritten = file.format->rewriting != LoginFormat::Rewriting::none;
  if (file.format == &kHelmConfigFormat) return false;
  const auto stays = [&](const EntryFacts& entry) {
    const bool is_read = entry.auth == AuthField::login &&
                         !file.cred_helpers.contains(asked_by_containers_tools(entry.server));
    const bool is_part = is_rewritten && is_namespaced(entry.server);
    return is_read && (entry.verdict.fate == Fate::stays || is_part);
  };
  // They look for the registry's name alone.
  const auto is_another = [](const auto& row) {
    return !row.second.empty() && row.second != kHelperName &&
           row.first.find('/') == std::string::npos;
  };
  return std::ranges::any_of(file.entries, stays) ||
         std::ranges::any_of(file.cred_helpers, is_another);
}

// We are asked first, and the files after us: where a store fails, the credential goes into a file.
void check_fallback(const DoctorFacts& facts, Findings& findings) {
  const auto& helpers = counting(facts).helpers;
  const auto own = std::ranges::find(helpers, kHelperName);
  if (std::find(own, helpers.end(), kAuthFilesHelper) == helpers.end()) return;
  const bool is_needed = std::ranges::any_of(facts.files, needs_files);
  std::string command = rewrite_command(facts);
  if (command.empty()) {
    command =
        edit_command(facts, counting(facts).file, R"(s/,[[:space:]]*"containers-auth\.json"//)");
  }
  findings.push_back({"containers-fall-back", is_needed ? Severity::info : Severity::warning,
                      "where this helper cannot store a login, " + std::string(kContainersTools) +
                          " write it in plaintext, because " + counting(facts).file.string() +
                          " names their files behind it" +
                          (is_needed ? "; it is needed for logins that no helper can hold" : ""),
                      is_needed ? "" : command});
}

bool holds_login_of_tools(const LoginFileFacts& file) {
  if (file.format == &kHelmConfigFormat) return false;
  return needs_files(file) || std::ranges::any_of(file.entries, [](const EntryFacts& entry) {
           return entry.auth == AuthField::login;
         });
}

// The files are asked before us: what they hold goes on to be found, and a new login goes there.
void check_files_first(const DoctorFacts& facts, Findings& findings) {
  const auto& list = counting(facts);
  if (!facts.containers.asks(kHelperName) || !asks_files_first(list.helpers)) return;
  const bool is_needed = std::ranges::any_of(facts.files, holds_login_of_tools);
  std::string command = rewrite_command(facts);
  if (command.empty()) {
    command = edit_command(facts, list.file, R"(s/"containers-auth\.json",[[:space:]]*//)");
  }
  findings.push_back(
      {"containers-files-first", is_needed ? Severity::info : Severity::warning,
       "a new login of " + std::string(kContainersTools) + " becomes plaintext, because " +
           list.file.string() + " names their files before this helper" +
           (is_needed ? "; once no login is left in the files that another one of its registry "
                        "would hide, migrate again"
                      : ""),
       is_needed ? "" : command});
}

void check_dead_helpers(const DoctorFacts& facts, Findings& findings) {
  for (const auto& helper : counting(facts).helpers) {
    if (!is_dead(facts, helper)) continue;
    const std::string name = for_sed(helper);
    findings.push_back({"containers-helper-missing", Severity::problem,
                        std::string(kContainersTools) + " stop at docker-credential-" + helper +
                            ", which " + counting(facts).file.string() +
                            " names and which cannot be started; repair it, or let them ask "
                            "this helper instead",
                        name.empty()
                            ? ""
                            : edit_command(facts, counting(facts).file,
                                           "s/\"" + name + "\"/\"" + kHelperName + "\"/")});
  }
}

// Ours is there, and another file that is read later says otherwise.
void check_overridden(const DoctorFacts& facts, Findings& findings) {
  const ContainersFacts& containers = facts.containers;
  if (containers.own_drop_ins.empty() || containers.asks(kHelperName)) return;
  const path by =
      containers.lists.empty() ? containers.folders.user / "registries.conf" : counting(facts).file;
  findings.push_back(
      {"drop-in-overridden", Severity::warning,
       containers.own_drop_ins.front().string() + " has no effect, because " + by.string() +
           " is read instead",
       is_drop_in(by) ? put_aside_command(facts, by) : shell_command({kProgram, "migrate"})});
}

bool is_namespaced_credential(const EntryFacts& entry) {
  return entry.auth == AuthField::login && is_namespaced(entry.server);
}

std::string host_of(const EntryFacts& entry) {
  return entry.server.substr(0, entry.server.find('/'));
}

// A helper for the whole registry hides what the same file has for a part of it.
bool is_hidden_in(const LoginFileFacts& file, const EntryFacts& entry) {
  return std::ranges::any_of(file.cred_helpers, [&](const auto& helper) {
    return same_registry(helper.first, host_of(entry));
  });
}

void check_namespaced(const DoctorFacts& facts, const LoginFileFacts& file, const EntryFacts& entry,
                      Findings& findings) {
  const std::string which = "the login of " + entry.server + " in " + file.file.path.string();
  if (is_hidden_in(file, entry)) {
    findings.push_back({"namespace-shadowed", Severity::warning,
                        which + " is never used by " + kContainersTools +
                            ", because credHelpers there names " + host_of(entry) +
                            "; log in to one of the two"});
  } else if (!facts.containers.asks(kAuthFilesHelper)) {
    findings.push_back({"namespace-unasked", Severity::warning,
                        which + " is never used, because " + counting(facts).file.string() +
                            " lets " + kContainersTools +
                            " ask a helper alone, which has whole registries",
                        rewrite_command(facts)});
  }
}

// What a helper can hold, and lies in a file of theirs all the same.
void check_auth_file(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  std::string movable;
  for (const auto& entry : file.entries) {
    if (entry.verdict.fate != Fate::moves) continue;
    movable += (movable.empty() ? "" : ", ") + entry.server;
  }
  if (movable.empty()) return;
  findings.push_back(
      {"auth-file-plaintext", Severity::warning,
       "logins lie in plaintext in " + file.file.path.string() +
           (facts.containers.asks(kHelperName)
                ? ", although " + std::string(kContainersTools) + " ask this helper: "
                : ": ") +
           movable,
       shell_command({kProgram, "migrate"})});
}

// Docker asks us, and these do not. In a job of `run` they do for what it was given, by its
// auth.json.
void check_set_up(const DoctorFacts& facts, Findings& findings) {
  if (facts.environment.get(kJobVariable)) return;
  const auto names_us = [](const LoginFileFacts& file) { return file.creds_store == kHelperName; };
  if (facts.containers.asks(kHelperName) || !facts.containers.own_drop_ins.empty() ||
      facts.containers.failure || std::ranges::none_of(facts.files, names_us)) {
    return;
  }
  findings.push_back({"containers-not-set-up", Severity::info,
                      std::string(kContainersTools) + " do not ask this helper, as docker does",
                      shell_command({kProgram, "migrate"})});
}

// podman login makes the file that it is told to use, unless a helper takes what goes into it.
void check_chosen(const DoctorFacts& facts, Findings& findings) {
  const auto& chosen = facts.containers.chosen;
  if (!chosen || chosen->exists || chosen->failure || !facts.containers.asks(kHelperName)) return;
  const std::string file = shell_command({chosen->path.string()});
  const std::string folder = shell_command({"mkdir", "-p", chosen->path.parent_path().string()});
  const std::string made = file.empty() ? "" : "(umask 077 && echo '{}' >" + file + ")";
  findings.push_back({"auth-file-missing", Severity::problem,
                      "podman and buildah stop at REGISTRY_AUTH_FILE, because " +
                          chosen->path.string() +
                          " is not there; podman login does not make it where this helper is asked",
                      chosen->path.has_parent_path() ? shell_sequence(folder, made) : made});
}

// podman --remote sends along every credential that `list` names, and takes no name with a scheme.
void check_list_names(const DoctorFacts& facts, Findings& findings) {
  if (!facts.containers.is_remote || !facts.containers.asks(kHelperName)) return;
  std::map<std::string, std::string> stored;
  for (const auto& [server, credential] : facts.credentials()) {
    stored.emplace(server, credential.username);
  }
  for (const auto& [name, username] : named_for_list(stored, facts.settings.list_names)) {
    if (!name.starts_with("https://") && !name.starts_with("http://")) continue;
    findings.push_back({"list-names-docker", Severity::info,
                        "podman --remote refuses every command while `list` has " + name +
                            R"(; "list_names": "containers" in )" +
                            facts.settings_file.path.string() +
                            " has it list hosts alone, and then builds by docker's classic builder "
                            "and docker-py do not find Docker Hub's login"});
    return;
  }
}

}  // namespace

void check_registries_conf(const DoctorFacts& facts, Findings& findings) {
  if (!facts.containers.is_used) return;
  check_form(facts, findings);
  check_set_up(facts, findings);
  check_chosen(facts, findings);
  check_list_names(facts, findings);
  check_overridden(facts, findings);
  if (facts.containers.lists.empty()) return;
  check_fallback(facts, findings);
  check_files_first(facts, findings);
  check_dead_helpers(facts, findings);
}

void check_auth_files(const DoctorFacts& facts, Findings& findings) {
  if (!facts.containers.is_used) return;
  for (const auto& file : facts.files) {
    if (file.format->is_of_containers_tools) check_auth_file(facts, file, findings);
    for (const auto& entry : file.entries) {
      if (is_namespaced_credential(entry)) check_namespaced(facts, file, entry, findings);
    }
  }
}

}  // namespace cred
