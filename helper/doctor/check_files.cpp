// SPDX-License-Identifier: MIT
// The files in which docker and its family keep credentials and name their helpers.
#include <algorithm>

#include "helper/cli/hints.h"
#include "helper/doctor/checks.h"
#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"
#include "helper/text/json_text.h"
#include "helper/text/shell_words.h"
#include "platform/store/docker_names.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

std::string migrate_command_line() { return shell_command({kProgram, "migrate"}); }

std::string names_of(const std::vector<const EntryFacts*>& entries) {
  return join(entries, ", ", &EntryFacts::server);
}

void check_docker_config(const DoctorFacts& facts, Findings& findings) {
  if (!facts.mistaken) return;
  const std::string folder = shell_command({facts.mistaken->meant.string()});
  findings.push_back({"docker-config-mistaken", Severity::problem,
                      facts.mistaken->reason + ", so docker finds none of its logins",
                      folder.empty() ? "" : "export DOCKER_CONFIG=" + folder});
}

void check_writing(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  if (file.format->rewriting == LoginFormat::Rewriting::none) return;
  const std::string folder = file.folder.path.string();
  const std::string who = std::string(file.format->reader) + " and migrate";
  if (file.file.is_immutable || file.folder.is_immutable) {
    const std::string marked = file.file.is_immutable ? file.file.path.string() : folder;
    findings.push_back(
        {"config-folder-closed", Severity::problem,
         marked + " is marked as immutable, so " + who + " cannot write " + file.file.path.string(),
         as_root(facts, shell_command({"chattr", "-i", marked}))});
  } else if (file.writing == Access::read_only_disk) {
    findings.push_back(
        {"config-read-only", Severity::info,
         folder + " is read-only here, so " + who + " cannot write " + file.file.path.string()});
  } else if (file.writing == Access::denied) {
    findings.push_back({"config-folder-closed", Severity::problem,
                        who + " may not write in " + folder +
                            (file.file.foreign ? ", which belongs to another user" : ""),
                        folder_access_command(file.file, file.folder)});
  }
}

// Whether migrate can write it, at the latest after what check_writing() says.
bool can_be_written(const LoginFileFacts& file) {
  if (file.writing == Access::denied) return !folder_access_command(file.file, file.folder).empty();
  return file.writing == Access::allowed;
}

void check_readable(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  const FileStatus& status = file.file;
  const bool is_regular = status.type == FileType::regular;
  if (is_regular && status.owner != facts.environment.uid) {
    findings.push_back({"config-foreign", Severity::problem,
                        status.path.string() + " belongs to another user, so " +
                            std::string(file.format->reader) + " may not read or write it",
                        access_command(status)});
    if (!status.foreign) check_writing(facts, file, findings);
  } else if (status.failure) {
    findings.push_back(
        {"config-unreadable", Severity::problem, status.failure->reason, access_command(status)});
  } else {
    check_writing(facts, file, findings);
  }
}

// From UTF-16: through a file that only this user may read.
std::string convert_command(const std::string& name, std::string_view text) {
  const char* from = "UTF-16";  // which goes by the mark in front
  if (text.front() == '{') from = "UTF-16LE";
  if (text.front() == '\0') from = "UTF-16BE";
  const std::string made = name + ".utf8";
  const std::string convert = shell_command({"iconv", "-f", from, "-t", "UTF-8", "-o", made, name});
  if (convert.empty()) return "";
  return shell_sequence("(umask 077 && " + convert + ")", shell_command({"mv", made, name}));
}

void check_form(const LoginFileFacts& file, Findings& findings) {
  if (!file.refusal) return;
  const std::string name = file.file.path.string();
  findings.push_back({"config-malformed", Severity::problem,
                      name + ": " + file.refusal->reason +
                          "; fix it in an editor, or put it aside and log in again",
                      is_utf16(*file.file.text) ? convert_command(name, *file.file.text)
                                                : shell_command({"mv", name, name + ".broken"})});
}

void check_open(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  if (!file.holds_credentials() || !file.file.others_can_read()) return;
  findings.push_back(
      {"config-open", Severity::problem,
       file.file.path.string() + " holds logins in plaintext and can be read by other users",
       file.writing == Access::read_only_disk ? "" : chmod_command(facts, "600", file.file)});
}

// Docker reads the file, and is not told to ask us.
void check_creds_store(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  const std::string& name = file.creds_store;
  const std::string reader(file.format->reader);
  if (file.refusal || file.file.failure || name == kHelperName) return;
  if (name.empty()) {
    if (file.holds_credentials()) return;  // which is reported as plaintext
    if (!file.file.exists && !facts.is_docker_used) return;
    const bool is_pointless = !facts.credentials().empty();
    findings.push_back(
        {"creds-store-unset", is_pointless ? Severity::warning : Severity::info,
         file.file.path.string() + " does not tell " + reader + " to ask this helper" +
             (is_pointless ? ", so " + reader + " does not find the logins that it has" : ""),
         migrate_command_line()});
    return;
  }
  const auto found = facts.helpers.find(name);
  const bool is_this = found != facts.helpers.end() && found->second.is_this;
  if (is_this || is_dead(facts, name)) return;  // which is reported where the helpers are
  findings.push_back(
      {"creds-store-other", Severity::info,
       file.file.path.string() + " tells " + reader + " to ask another helper, " + name,
       mints_tokens(name) ? "" : shell_command({kProgram, "migrate", "--from", name})});
}

// ---- helpers

constexpr const char* kCredsStore = "credsStore";

// Where the file names the helper for `server`.
std::string key_of_helper(const LoginFileFacts& file, const std::string& server) {
  const auto own = file.cred_helpers.find(file.format->asked(server));
  return own == file.cred_helpers.end() ? kCredsStore : own->first;
}

// Puts us in the place of `helper`, which the file names for `server`; "" for one that has to stay
// there, since nobody else has its tokens, and for a name that is more than one.
std::string take_over_command(const LoginFileFacts& file, const std::string& server,
                              const std::string& helper) {
  if (mints_tokens(helper) || for_sed(helper).empty()) return "";
  if (file.format->obeys_creds_store) return shell_command({kProgram, "migrate", "--from", helper});
  return json_edit_command(file.file.path, key_of_helper(file, server), helper, kHelperName);
}

void check_helper(const DoctorFacts& facts, const LoginFileFacts& file, const std::string& server,
                  const std::string& name, Findings& findings) {
  const auto found = facts.helpers.find(name);
  if (found == facts.helpers.end()) return;
  const auto& [program, refusal, is_this] = found->second;
  const std::string for_whom = server.empty() ? "every server" : server;
  if (is_this) {
    findings.push_back({"helper-renamed", Severity::warning,
                        program->string() + ", which " + file.file.path.string() + " names for " +
                            for_whom +
                            ", is this program under another name; if that link is "
                            "removed, as with the package it belongs to, docker fails",
                        file.format->obeys_creds_store ? migrate_command_line()
                                                       : take_over_command(file, server, name)});
    return;
  }
  if (program && !refusal) return;
  const std::string asked = std::string(kHelperPrefix) + name + ", which " +
                            file.file.path.string() + " names for " + for_whom + ", ";
  const std::string cure = mints_tokens(name)
                               ? "; install it again, or take it out there in an editor"
                               : "; repair it, or let docker ask this helper instead";
  findings.push_back({program ? FindingId("helper-dead") : FindingId("helper-missing"),
                      Severity::problem,
                      asked + (program ? refusal->reason : "is not on PATH") + cure,
                      take_over_command(file, server, name)});
}

// ---- plaintext

// Which no tool reads because of what is wrong with it.
void check_broken(const LoginFileFacts& file, Findings& findings) {
  for (const auto& entry : file.entries) {
    const bool is_read = entry.verdict.helper.empty() && !entry.verdict.is_exempt;
    if (!entry.holds_credential || !entry.refusal || !is_read) continue;
    findings.push_back({"entry-broken", Severity::warning,
                        "the entry of " + shown_server(entry.server) + " in " +
                            file.file.path.string() + " cannot be read: " + entry.refusal->reason +
                            "; fix it or take it out in an editor"});
  }
}

// A credential that is not read, because another helper is asked instead.
void check_shadowed(const LoginFileFacts& file, const EntryFacts& entry, Findings& findings) {
  const std::string& helper = entry.verdict.helper;
  if (helper.empty() || !entry.holds_credential) return;
  std::string command = take_over_command(file, entry.server, helper);
  if (!file.format->obeys_creds_store) command = shell_sequence(command, migrate_command_line());
  findings.push_back({"plaintext-shadowed", Severity::warning,
                      "the login of " + entry.server + " lies in plaintext in " +
                          file.file.path.string() + ", where it is not read, because " + helper +
                          " is asked instead",
                      command});
}

// What can be done about what stays in a config.json.
void check_kept(const LoginFileFacts& file, const EntryFacts& entry, Findings& findings) {
  findings.push_back(
      {"plaintext-kept", Severity::info,
       "the login of " + entry.server + " stays in plaintext in " + file.file.path.string() + ": " +
           (entry.verdict.is_exempt ? "credHelpers there says so" : entry.verdict.reason),
       entry.verdict.fate == Fate::moves ? shell_command({kProgram, "migrate", "--replace"}) : ""});
}

bool is_stored(const std::map<std::string, StoredCredential>& credentials,
               const EntryFacts& entry) {
  const auto found = credentials.find(entry.server);
  return found != credentials.end() && found->second.username == entry.username;
}

void check_entries(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  const auto stored = facts.credentials();
  std::vector<const EntryFacts*> movable;
  std::vector<const EntryFacts*> tokens;
  for (const auto& entry : file.entries) {
    const Fate fate = entry.verdict.fate;
    if (fate == Fate::nothing && entry.holds_registry_token) tokens.push_back(&entry);
    if (!entry.holds_credential || !entry.verdict.helper.empty()) continue;
    const bool is_kept = entry.verdict.is_exempt ||
                         (fate == Fate::copied && is_stored(stored, entry)) ||
                         (fate == Fate::stays && !entry.refusal);
    if (is_kept) {
      check_kept(file, entry, findings);
    } else if (fate != Fate::stays) {
      movable.push_back(&entry);
    }
  }
  const std::string in_file = " in plaintext in " + file.file.path.string() + ": ";
  if (!movable.empty()) {
    findings.push_back({"plaintext-logins", Severity::warning,
                        "logins lie" + in_file + names_of(movable),
                        can_be_written(file) ? migrate_command_line() : ""});
  }
  if (!tokens.empty()) {
    findings.push_back(
        {"registry-token", Severity::info,
         "registry tokens, which no helper can hold, lie" + in_file + names_of(tokens)});
  }
}

// Docker has not read this file for years, podman still does; it is never written.
void check_dockercfg(const DoctorFacts& facts, const LoginFileFacts& file, Findings& findings) {
  if (!file.holds_credentials()) return;
  const auto credentials = facts.credentials();
  const bool all_stored = std::ranges::all_of(file.entries, [&](const EntryFacts& entry) {
    return !entry.holds_credential || is_stored(credentials, entry);
  });
  const std::string name = file.file.path.string();
  if (all_stored) {
    findings.push_back({"dockercfg-leftover", Severity::warning,
                        name + ", of old versions of docker, still holds logins in plaintext; "
                               "all are stored",
                        shell_command({"rm", name})});
  } else {
    findings.push_back({"dockercfg-not-stored", Severity::warning,
                        name + ", of old versions of docker, holds logins in plaintext that are "
                               "stored nowhere else",
                        migrate_command_line()});
  }
}

// A leftover of ours may be the only copy: migrate knows when it is not.
void check_leftovers(const LoginFileFacts& file, Findings& findings) {
  for (const auto& leftover : file.leftovers) {
    const bool is_own = contains(file.own_leftovers, leftover);
    findings.push_back(
        {"plaintext-leftover", Severity::warning,
         leftover.string() + std::string(kHoldsPlaintext) +
             (is_own ? ", left by a migrate that was interrupted"
                     : "; a login that is nowhere else goes with it"),
         is_own ? migrate_command_line() : shell_command({"rm", leftover.string()})});
  }
}

void check_snap(const DoctorFacts& facts, Findings& findings) {
  for (const auto& file : facts.files) {
    if (!file.is_of_snap) continue;
    findings.push_back(
        {"snap-docker", Severity::warning, file.file.path.string() + std::string(kSnapIsAlone)});
    return;
  }
  if (!facts.snap_config.exists) return;
  findings.push_back(
      {"snap-docker", Severity::info, facts.snap_config.path.string() + std::string(kSnapIsAlone)});
}

}  // namespace

void check_login_files(const DoctorFacts& facts, Findings& findings) {
  check_docker_config(facts, findings);
  for (const auto& file : facts.files) {
    check_readable(facts, file, findings);
    check_form(file, findings);
    check_open(facts, file, findings);
    if (file.format->obeys_creds_store && !file.is_of_snap)
      check_creds_store(facts, file, findings);
  }
}

void check_plaintext(const DoctorFacts& facts, Findings& findings) {
  for (const auto& file : facts.files) {
    if (file.format->rewriting == LoginFormat::Rewriting::none) {
      check_dockercfg(facts, file, findings);
    } else if (file.format->obeys_creds_store && !file.is_of_snap) {
      check_entries(facts, file, findings);
    }
    for (const auto& entry : file.entries) check_shadowed(file, entry, findings);
    check_broken(file, findings);
    check_leftovers(file, findings);
  }
  check_snap(facts, findings);
}

void check_helpers(const DoctorFacts& facts, Findings& findings) {
  for (const auto& file : facts.files) {
    check_helper(facts, file, "", file.creds_store, findings);
    for (const auto& [server, name] : file.cred_helpers) {
      check_helper(facts, file, server, name, findings);
    }
  }
}

void check_auth_config(const DoctorFacts& facts, Findings& findings) {
  if (!facts.environment.get("DOCKER_AUTH_CONFIG")) return;
  findings.push_back({"auth-config-overrides", Severity::warning, std::string(kAuthConfigOverrides),
                      "unset DOCKER_AUTH_CONFIG"});
}

}  // namespace cred
