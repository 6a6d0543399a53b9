// SPDX-License-Identifier: MIT
#include "helper/vault/options.h"

#include <functional>
#include <utility>

#include "helper/cli/report.h"
#include "helper/text/time_text.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/text/printable.h"
#include "platform/vault/manager.h"

namespace cred {
namespace {

// Of the vault that is there; its header needs no key.
std::vector<std::string> key_ids(const Environment& environment) {
  std::vector<std::string> ids;
  try {
    VaultManager manager(environment, read_settings(environment), Notes());
    for (const auto& slot : manager.slots()) ids.push_back(to_hex(slot.id));
  } catch (const Error&) {
    return {};
  }
  return ids;
}

std::function<void()> chosen(VaultOptions& options, VaultAction action) {
  return [&options, action] { options.action = action; };
}

// The options by which a key is given.
std::vector<Argument> key_arguments(KeyOptions& key) {
  return {
      {.name = "--passphrase",
       .target = &key.passphrase,
       .help = "A passphrase, asked for at the terminal",
       .excludes = {"--key-file", "--clevis"}},
      {.name = "--key-file",
       .target = &key.key_file,
       .help = "A key file, made with a random key if it is missing; - reads the key from stdin",
       .value = "PATH",
       .excludes = {"--clevis"}},
      {.name = "--clevis",
       .target = &key.clevis,
       .help = "A pin of clevis and its configuration: tpm2, tang or sss",
       .value = "PIN CONFIG",
       .values = 2}};
}

Misuse misuse_of_unlock_time(const std::string& text) {
  if (auto misuse = misuse_of_time(text)) return misuse;
  if (*parse_duration(text) <= kLongestUnlocked) return std::nullopt;
  return "a vault is kept unlocked for up to 7d";
}

// It is written into the clear part of the vault.
Misuse misuse_of_label(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  if (text.size() <= kLongest && printable(text) == text) return std::nullopt;
  return "a label is plain text of at most 64 bytes";
}

Argument label_argument(KeyOptions& key) {
  return {.name = "--label",
          .target = &key.label,
          .help = "What the key is called in lists and questions (default: the name of this host)",
          .value = "TEXT",
          .check = misuse_of_label};
}

std::vector<Argument> with(std::vector<Argument> arguments, Argument another) {
  arguments.push_back(std::move(another));
  return arguments;
}

Grammar key_grammar(VaultOptions& options) {
  const Argument id{.name = "ID",
                    .target = &options.id,
                    .help = "As `key list` shows it",
                    .required = true,
                    .words = key_ids};
  const Argument keep{"--keep-data-key", &options.keep_data_key,
                      "Only forget the key: the others need not be unlocked"};
  const Argument json = json_argument(options.json);
  return {
      .name = "key",
      .help = "The keys that unlock it.",
      .commands = {{"list",
                    "List the keys: id, kind, label, date, details.",
                    {json},
                    chosen(options, VaultAction::list_keys)},
                   {.name = "add",
                    .help = "Add a key; a passphrase, if no other kind is named.",
                    .arguments = with(key_arguments(options.key), label_argument(options.key)),
                    .chosen = chosen(options, VaultAction::add_key),
                    .examples = {"docker-credential-keyring vault key add --label 'ada at home'",
                                 "docker-credential-keyring vault key add --key-file ~/usb/key"}},
                   {.name = "remove",
                    .help = "Remove a key, and encrypt everything with a new data key. Each key "
                            "that stays is asked for once.",
                    .arguments = {id, keep},
                    .chosen = chosen(options, VaultAction::remove_key),
                    .examples = {"docker-credential-keyring vault key list",
                                 "docker-credential-keyring vault key remove 1a2b3c4d"}}}};
}

Grammar create_grammar(VaultOptions& options) {
  const Argument if_missing{"--if-missing", &options.if_missing,
                            "Do nothing, with exit status 0, where there is one that can be "
                            "unlocked here"};
  const Argument json = json_argument(options.json);
  auto arguments = with(key_arguments(options.key), label_argument(options.key));
  return {.name = "create",
          .help = "Make the vault. Its key is a passphrase, if no other kind is named.",
          .arguments = with(with(std::move(arguments), if_missing), json),
          .chosen = chosen(options, VaultAction::create),
          .examples = {"docker-credential-keyring vault create",
                       "docker-credential-keyring vault create --if-missing --key-file /run/ci/key",
                       "docker-credential-keyring vault create --clevis tpm2 "
                       "'{\"pcr_bank\":\"sha256\",\"pcr_ids\":\"7\"}'"}};
}

Grammar passwd_grammar(VaultOptions& options) {
  return {.name = "passwd",
          .help =
              "Change a passphrase: the one that is given as the old one. Then every other key "
              "is asked for, or used, once, so that everything can be encrypted with a new data "
              "key; a key that is skipped stays too.",
          .arguments = {{.name = "ID",
                         .target = &options.id,
                         .help = "Change the passphrase of this key only",
                         .words = key_ids},
                        {"--new-data-key", &options.new_data_key,
                         "Change nothing unless every key can be used"}},
          .chosen = chosen(options, VaultAction::change_passphrase),
          .examples = {"docker-credential-keyring vault passwd"}};
}

Misuse misuse_of_id(const std::string& text) {
  constexpr std::size_t kDigits = 32;
  const bool is_hex = text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (text.size() == kDigits && is_hex) return std::nullopt;
  return "an id is 32 hexadecimal digits, as vault share and vault status print it";
}

// How a place knows this machine, and this machine the place.
std::vector<Argument> access_arguments(SharingOptions& sharing) {
  return {{.name = "--ca",
           .target = &sharing.ca,
           .help = "The certificate by which the place is known (default: what the system trusts)",
           .value = "FILE"},
          {.name = "--cert",
           .target = &sharing.cert,
           .help = "The certificate by which the place knows this machine",
           .value = "FILE",
           .needs = "--cert-key"},
          {.name = "--cert-key",
           .target = &sharing.cert_key,
           .help = "Its private key",
           .value = "FILE",
           .needs = "--cert"}};
}

Grammar share_grammar(VaultOptions& options) {
  SharingOptions& sharing = options.sharing;
  auto arguments = access_arguments(sharing);
  arguments.insert(
      arguments.begin(),
      {.name = "PLACE",
       .target = &sharing.place,
       .help = "etcd://HOST:PORT,HOST:PORT/PREFIX (default: the one of the settings)"});
  arguments.push_back({"--replace", &sharing.replace,
                       "Put it in the place of an older vault, or of another one; after a look at "
                       "both, which is the way back when the place was lost or restored"});
  arguments.push_back(
      {.name = "--yes", .target = &options.yes, .help = "Do not ask", .needs = "--replace"});
  return {.name = "share",
          .help =
              "Put this machine's vault into a place from which other machines take it, and to "
              "which each brings what it changes.",
          .arguments = std::move(arguments),
          .chosen = chosen(options, VaultAction::share),
          .examples = {"docker-credential-keyring vault share "
                       "etcd://e1:2379,e2:2379,e3:2379/dck/prod --ca ca.pem --cert admin.pem "
                       "--cert-key admin.key"}};
}

Grammar join_grammar(VaultOptions& options) {
  SharingOptions& sharing = options.sharing;
  auto arguments = access_arguments(sharing);
  arguments.insert(arguments.begin(),
                   {{.name = "PLACE",
                     .target = &sharing.place,
                     .help = "As of `share`; or https://…/vault, which is only read",
                     .required = true},
                    {.name = "--id",
                     .target = &sharing.id,
                     .help = "Of the one vault that is taken from there; `share` prints it",
                     .value = "ID",
                     .required = true,
                     .check = misuse_of_id}});
  arguments.push_back({.name = "--password-file",
                       .target = &sharing.password_file,
                       .help = "What an https place asks for: USER:PASSWORD, or a token",
                       .value = "FILE"});
  arguments.push_back({.name = "--key-file",
                       .target = &sharing.key_file,
                       .help = "The vault's key, also one that clevis sealed (default, for root: "
                               "/etc/docker-credential-keyring/key)",
                       .value = "FILE"});
  arguments.push_back({"--replace", &sharing.replace, "Put a vault that is here already aside"});
  return {.name = "join",
          .help = "Take a shared vault from its place, and keep a copy of it here.",
          .arguments = std::move(arguments),
          .chosen = chosen(options, VaultAction::join),
          .examples = {"docker-credential-keyring vault join "
                       "etcd://e1:2379,e2:2379,e3:2379/dck/prod --id "
                       "d57db39e0f6c4a5b8e21c0a4b7d9f3e1 --ca ca.pem --cert node.pem --cert-key "
                       "node.key"}};
}

Grammar sync_grammar(VaultOptions& options) {
  return {.name = "sync",
          .help = "Bring the copy of a shared vault up to date, once.",
          .arguments = {json_argument(options.json)},
          .chosen = chosen(options, VaultAction::sync)};
}

Grammar leave_grammar(VaultOptions& options) {
  return {.name = "leave",
          .help = "Share no more: the copy here becomes a vault of this machine.",
          .chosen = chosen(options, VaultAction::leave)};
}

Grammar unlock_grammar(VaultOptions& options) {
  return {.name = "unlock",
          .help = "Keep the vault unlocked for a time.",
          .arguments = {{.name = "--for",
                         .target = &options.time,
                         .help = "How long, up to 7d",
                         .value = "TIME",
                         .check = misuse_of_unlock_time},
                        {"--key-file", &options.unlock_key_file,
                         "Unlock it by this key file; - reads the key from stdin", "PATH"}},
          .chosen = chosen(options, VaultAction::unlock),
          .examples = {"docker-credential-keyring vault unlock --for 12h"}};
}

}  // namespace

Grammar vault_grammar(VaultOptions& options) {
  const Argument json = json_argument(options.json);
  const Argument quiet{.name = "--quiet",
                       .target = &options.quiet,
                       .help =
                           "Print nothing: exit status 0 if it is unlocked, 3 if it is locked, "
                           "1 if there is none",
                       .excludes = {kJsonOption}};
  const Argument yes{"--yes", &options.yes, "Do not ask"};
  return {.name = "vault",
          .help = "The encrypted vault: the store of machines without a keyring.",
          .commands = {create_grammar(options),
                       unlock_grammar(options),
                       {.name = "lock",
                        .help = "Lock it, in every session.",
                        .chosen = chosen(options, VaultAction::lock),
                        .examples = {"docker-credential-keyring vault lock"}},
                       {"status",
                        "Describe it, and what each key protects against.",
                        {json, quiet},
                        chosen(options, VaultAction::describe)},
                       passwd_grammar(options),
                       key_grammar(options),
                       share_grammar(options),
                       join_grammar(options),
                       sync_grammar(options),
                       leave_grammar(options),
                       {"destroy",
                        "Remove it with all that it holds.",
                        {yes},
                        chosen(options, VaultAction::destroy)}}};
}

}  // namespace cred
