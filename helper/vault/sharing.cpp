// SPDX-License-Identifier: MIT
#include "helper/vault/sharing.h"

#include <nlohmann/json.hpp>

#include "helper/cli/confirm.h"
#include "helper/cli/report.h"
#include "helper/files/kubelet_patterns.h"
#include "helper/text/json_text.h"
#include "helper/text/shell_words.h"
#include "helper/text/tilde.h"
#include "helper/text/time_text.h"
#include "helper/vault/settings_edit.h"
#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/system/obstacle.h"
#include "platform/text/strings.h"
#include "platform/vault/shared_vault.h"
#include "platform/vault/sharing.h"

namespace cred {
namespace {

using Relation = PlaceRelation;

std::filesystem::path absolute(const std::string& path) {
  return path.empty() ? std::filesystem::path() : std::filesystem::absolute(path);
}

// What is typed beats what the settings have; of another place, none of theirs counts.
Settings settings_for(const VaultCall& call) {
  const SharingOptions& typed = call.options.sharing;
  Settings settings = call.settings;
  auto& shared = settings.shared;
  if (!typed.place.empty() && typed.place != shared.at) {
    shared = SharedVaultSettings();
    shared.at = typed.place;
  }
  if (!typed.id.empty()) shared.id = lower_case(typed.id);
  if (!typed.ca.empty()) shared.ca = absolute(typed.ca);
  if (!typed.cert.empty()) shared.cert = absolute(typed.cert);
  if (!typed.cert_key.empty()) shared.cert_key = absolute(typed.cert_key);
  if (!typed.password_file.empty()) shared.password_file = absolute(typed.password_file);
  return settings;
}

void check_not_shared_elsewhere(const VaultCall& call) {
  const auto& place = call.settings.shared.at;
  if (place.empty() || call.options.sharing.place.empty() || call.options.sharing.place == place) {
    return;
  }
  throw Error(Errc::bad_request, "the vault of this machine is shared already, at " + place +
                                     "; docker-credential-keyring vault leave ends that, and keeps "
                                     "the copy for a join at another address");
}

std::string described(const PlaceComparison::Side& side) {
  return "vault " + side.id + ", generation " + std::to_string(side.generation) + ", " +
         (side.stored_at ? "last login stored " + local_time(*side.stored_at)
                         : std::string("not opened by a key of this machine"));
}

[[noreturn]] void throw_taken(const PlaceComparison& compared, const std::string& place) {
  switch (compared.relation) {
    case Relation::newer:
      throw Error(Errc::place_unfit,
                  place + " has a newer generation of this vault, " +
                      std::to_string(compared.there->generation) +
                      "; docker-credential-keyring vault join takes it from there");
    case Relation::older:
      throw Error(Errc::place_unfit, place + " has an older generation of this vault, " +
                                         std::to_string(compared.there->generation) +
                                         "; --replace puts this one in its place");
    default:
      throw Error(Errc::place_unfit, place +
                                         " has another vault, or another history of this one; "
                                         "--replace puts this one in its place");
  }
}

// Whether what is in the place may go, which is asked.
void confirm_replacing(const PlaceComparison& compared, const std::string& place,
                       const VaultCall& call) {
  const bool is_asked = call.options.sharing.replace;
  if (!is_asked || compared.relation == Relation::newer) throw_taken(compared, place);
  call.context.err.note("here:  ", described(compared.here));
  call.context.err.note("there: ", compared.there ? described(*compared.there)
                                                  : "something that is no vault, or damaged");
  if (call.options.yes) return;
  confirm("Replace what is at " + place + " by the vault of this machine?", "nothing was changed");
}

std::string join_command(const SharedVaultSettings& shared) {
  std::string line = shell_command({kProgram, "vault", "join", shared.at, "--id", shared.id});
  if (!shared.ca.empty()) line += ' ' + shell_command({"--ca", shared.ca.native()});
  return shared.cert.empty() ? line : line + " --cert node.pem --cert-key node.key --key-file PATH";
}

// Of the files by which the place knows this machine.
void warn_of_open_files(const SharedVaultSettings& shared, const VaultCall& call) {
  for (const auto& file : {shared.cert_key, shared.password_file}) {
    if (file.empty() || !inspect_status(file).others_can_read()) continue;
    call.context.err.warn(file.string(), " can be read by others; close it: ",
                          shell_command({"chmod", "600", file.string()}));
  }
}

void warn_without_majority(const Synced& synced, const VaultCall& call) {
  if (synced.has_majority) return;
  call.context.err.warn("etcd has no majority now: one member alone gave this");
}

// What a kubelet of this machine does not ask for of that which is new here.
void note_unasked(const Synced& synced, const VaultCall& call) {
  const bool is_root = call.context.environment.uid == 0;
  const auto kubelet = is_root ? find_kubelet_patterns() : std::nullopt;
  if (!kubelet) return;
  const auto uncovered = kubelet->uncovered(synced.added);
  if (!uncovered.empty()) call.context.err.warn(told_uncovered(kubelet->file, uncovered));
}

void note_kept(const std::string& file, const VaultCall& call) {
  if (!file.empty()) call.context.err.note("the vault that was here is kept: ", file);
}

std::string told_generation(const Synced& synced) {
  return "generation " + std::to_string(synced.generation);
}

}  // namespace

int share_vault(const VaultCall& call) {
  check_not_shared_elsewhere(call);
  Settings settings = settings_for(call);
  if (settings.shared.at.empty())
    throw Error(Errc::bad_request, "name the place: etcd://HOST:PORT/PREFIX");
  const auto compared = compare_with_place(call.context.environment, settings, call.context.err);
  const std::string& place = settings.shared.at;
  if (compared.relation != Relation::absent && compared.relation != Relation::same) {
    confirm_replacing(compared, place, call);
  }
  check_settings(call.context.environment);
  put_into_place(call.context.environment, settings, call.context.err, compared);
  call.context.done("the vault was put into the place");
  settings.shared.id = compared.here.id;
  SettingValues values = values_of(settings.shared);
  if (!compared.key_file.empty()) values.emplace_back("key_file", compared.key_file);
  write_settings(call.context.environment, values);
  const bool was_there = compared.relation == Relation::same;
  call.context.out.line(was_there ? "already at " : "shared at ", place);
  call.context.out.line("id ", compared.here.id);
  if (!compared.key_file.empty()) {
    call.context.err.note("this machine's key is named in settings.json from now on: ",
                          compared.key_file);
  }
  warn_of_open_files(settings.shared, call);
  if (!compared.has_key_file) {
    call.context.err.warn(
        "this vault has no key for machines where nobody types a passphrase; "
        "docker-credential-keyring vault key add --key-file PATH makes one");
  }
  call.context.err.hint("on each machine: ", join_command(settings.shared));
  return exit_done;
}

int join_vault(const VaultCall& call) {
  check_not_shared_elsewhere(call);
  Settings settings = settings_for(call);
  const SharingOptions& typed = call.options.sharing;
  std::filesystem::path key_file = absolute(typed.key_file);
  const bool is_root = call.context.environment.uid == 0;
  const auto usual = call.manager.usual_key_file();
  if (key_file.empty() && settings.key_file.empty() && is_root && !is_absent(usual)) {
    key_file = usual;
  }
  if (!key_file.empty()) settings.key_file = key_file;
  check_settings(call.context.environment);
  const bool is_joined = call.settings.shared.at == settings.shared.at &&
                         call.settings.shared.id == settings.shared.id;
  const auto joined =
      join_place(call.context.environment, settings, call.context.err, typed.replace, is_joined);
  call.context.done("the vault was joined");
  note_kept(joined.kept, call);
  SettingValues values = values_of(settings.shared);
  if (!key_file.empty()) values.emplace_back("key_file", key_file);
  write_settings(call.context.environment, values);
  const bool was_joined = joined.was_joined && call.settings.shared.at == settings.shared.at;
  call.context.out.line(was_joined ? "joined already: " : "joined ", settings.shared.at, ", ",
                        told_generation(joined.synced));
  warn_without_majority(joined.synced, call);
  note_unasked(joined.synced, call);
  warn_of_open_files(settings.shared, call);
  if (!was_joined) {
    call.context.err.hint(kProgram, " migrate, where docker or podman run");
    call.context.err.hint("systemctl ", is_root ? "" : "--user ",
                          "enable --now docker-credential-keyring-sync.timer keeps it up to date");
  }
  return exit_done;
}

int sync_vault(const VaultCall& call) {
  const auto synced = sync_copy(call.context.environment, call.settings, call.context.err);
  note_kept(synced.kept, call);
  if (call.options.json) {
    nlohmann::ordered_json json = {{"version", 1},
                                   {"status", synced.is_new ? "new" : "unchanged"},
                                   {"generation", synced.generation},
                                   {"majority", synced.has_majority},
                                   {"added", synced.added}};
    write_json(json, call.context.document);
  } else {
    call.context.out.line(synced.is_new ? "new: " : "unchanged: ", told_generation(synced));
  }
  warn_without_majority(synced, call);
  note_unasked(synced, call);
  return exit_done;
}

int leave_vault(const VaultCall& call) {
  const std::string place = call.settings.shared.at;
  const auto forget = [&] { remove_settings(call.context.environment, values_of({})); };
  if (!leave_place(call.context.environment, !place.empty(), forget)) {
    call.context.out.line("the vault of this machine is not shared");
    return exit_done;
  }
  call.context.done("the vault is shared no more");
  call.context.out.line("left ", place.empty() ? "its place" : place,
                        "; the copy here is a vault of this machine now");
  return exit_done;
}

}  // namespace cred
