// SPDX-License-Identifier: MIT
#include "helper/vault/command.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/confirm.h"
#include "helper/cli/report.h"
#include "helper/vault/report.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/terminal.h"
#include "platform/vault/clevis_checks.h"
#include "platform/vault/manager.h"

namespace cred {
namespace {

// The options by which a way to open the vault is given.
struct KeyOptions {
  bool passphrase = false;
  std::string key_file;
  std::vector<std::string> clevis;
};

struct Options {
  KeyOptions key;
  std::string time = "8h";
  std::string unlock_key_file;
  bool json = false;
  bool yes = false;
  std::string id;
  bool keep_data_key = false;
};

struct Call {
  VaultManager& manager;
  const Options& options;
  const CommandContext& context;
};

NewSlot slot_of(const KeyOptions& key) {
  if (!key.key_file.empty()) return {SlotKind::key_file, key.key_file, "", ""};
  if (!key.clevis.empty()) return {SlotKind::clevis, "", key.clevis.at(0), key.clevis.at(1)};
  if (!key.passphrase && !Terminal::open()) {
    throw Error(Errc::bad_request,
                "there is no terminal to ask for a passphrase at; give --key-file PATH or --clevis "
                "PIN CONFIG");
  }
  return {};
}

void tell_of(const KeySlot& slot, const Call& call) {
  if (slot.kind == SlotKind::key_file && slot.path)
    note(call.context, "its key lies in " + *slot.path);
  if (slot.kind == SlotKind::clevis) {
    const auto caution =
        clevis_caution(call.options.key.clevis.at(0), call.options.key.clevis.at(1));
    if (!caution.empty()) note(call.context, "warning: " + caution);
  }
  note(call.context, "what this way protects: " + protection_of(slot));
}

int create(const Call& call) {
  const KeySlot slot = call.manager.create(slot_of(call.options.key));
  call.context.out << "created " << call.manager.path().string() << ", opened by "
                   << name_of(slot.kind) << ' ' << to_hex(slot.id) << '\n';
  tell_of(slot, call);
  return exit_done;
}

int unlock(const Call& call) {
  std::optional<std::filesystem::path> key_file;
  if (!call.options.unlock_key_file.empty()) key_file = call.options.unlock_key_file;
  call.manager.unlock(parse_duration(call.options.time).value(), key_file);
  const VaultStatus status = call.manager.status();
  if (!status.unlocked_until) {
    throw Error(Errc::io, "the vault was opened, and this machine cannot keep it open");
  }
  call.context.out << "open for " << call.options.time << "; " << kProgram
                   << " vault lock closes it\n";
  return exit_done;
}

int lock(const Call& call) {
  call.manager.lock();
  call.context.out << "locked\n";
  const VaultStatus status = call.manager.status();
  if (status.is_unlocked) note(call.context, "its key file opens it all the same");
  return exit_done;
}

int describe(const Call& call) {
  const VaultStatus status = call.manager.status();
  if (call.options.json) {
    print_status_json(status, call.context.out);
  } else {
    print_status(status, call.context.out);
  }
  return exit_done;
}

int destroy(const Call& call) {
  if (!call.options.yes) {
    confirm("Remove the vault " + call.manager.path().string() + " with every login in it?",
            "nothing was removed");
  }
  const auto slots = call.manager.destroy();
  call.context.out << "removed " << call.manager.path().string() << '\n';
  for (const auto& slot : slots) {
    if (slot.path) note(call.context, "its key file is still there: " + *slot.path);
  }
  return exit_done;
}

int list_keys(const Call& call) {
  print_slots(call.manager.slots(), call.context.out);
  return exit_done;
}

int add_key(const Call& call) {
  const KeySlot slot = call.manager.add_slot(slot_of(call.options.key));
  call.context.out << "added " << name_of(slot.kind) << ' ' << to_hex(slot.id) << '\n';
  tell_of(slot, call);
  return exit_done;
}

int remove_key(const Call& call) {
  call.manager.remove_slot(call.options.id, call.options.keep_data_key);
  call.context.out << "removed " << call.options.id << '\n';
  note(call.context,
       call.options.keep_data_key
           ? "an old copy of the vault and the removed key together open new copies as well; "
             "without --keep-data-key they do not"
           : "old copies and backups still open with the removed key; if it is in wrong hands, "
             "change the passwords that they hold");
  return exit_done;
}

void add_key_options(CLI::App& command, KeyOptions& key) {
  auto* passphrase =
      command.add_flag("--passphrase", key.passphrase, "A passphrase, asked for at the terminal");
  auto* file = command
                   .add_option("--key-file", key.key_file,
                               "A key file, made with a random key if it is missing; - reads the "
                               "key from stdin")
                   ->type_name("PATH");
  auto* clevis = command
                     .add_option("--clevis", key.clevis,
                                 "A pin of clevis and its configuration: tpm2, tang or sss")
                     ->type_name("PIN CONFIG")
                     ->expected(2);
  passphrase->excludes(file)->excludes(clevis);
  file->excludes(clevis);
}

using Run = int (*)(const Call&);

// As parse_command_line(); sets what to run.
std::optional<int> parse_options(std::span<const std::string> arguments,
                                 const CommandContext& context, Options& options, Run& chosen) {
  CLI::App app("The encrypted vault: the store of machines without a keyring.",
               std::string(kProgram) + " vault");
  app.require_subcommand(1);
  const auto add = [&](CLI::App& to, const char* name, const char* help, Run run) {
    CLI::App* command = to.add_subcommand(name, help);
    command->callback([&chosen, run] { chosen = run; });
    return command;
  };
  add_key_options(*add(app, "create", "Make the vault; by default with a passphrase", create),
                  options.key);
  CLI::App* opening = add(app, "unlock", "Keep the vault open for a time", unlock);
  opening->add_option("--for", options.time, "How long, up to 7d")
      ->type_name("TIME")
      ->check([](const std::string& text) {
        return parse_duration(text) ? "" : "a time is a number with s, m, h or d behind it, as 8h";
      })
      ->capture_default_str();
  opening
      ->add_option("--key-file", options.unlock_key_file,
                   "Open it by this key file; - reads the key from stdin")
      ->type_name("PATH");
  add(app, "lock", "Close it, in every session", lock);
  add(app, "status", "Describe it, and what each way to open it protects from", describe)
      ->add_flag("--json", options.json, "As one JSON document");
  add(app, "destroy", "Remove it with all that it holds", destroy)
      ->add_flag("--yes", options.yes, "Do not ask");
  CLI::App* key = app.add_subcommand("key", "The ways to open it");
  key->require_subcommand(1);
  add(*key, "list", "One line for each way: id, kind, host, date, details", list_keys);
  add_key_options(*add(*key, "add", "Add a way; by default a passphrase", add_key), options.key);
  CLI::App* removing =
      add(*key, "remove", "Remove a way, and encrypt all with a new key", remove_key);
  removing->add_option("ID", options.id, "As `key list` shows it")->required();
  removing->add_flag("--keep-data-key", options.keep_data_key,
                     "Only forget the way: the others need not be opened");
  return parse_command_line(app, arguments, context);
}

}  // namespace

int vault_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  Run run = nullptr;
  if (const auto answered = parse_options(arguments, context, options, run)) return *answered;
  const Settings settings = read_settings(context.environment, context.err);
  VaultManager manager(context.environment, settings, context.err);
  return run({manager, options, context});
}

}  // namespace cred
