// SPDX-License-Identifier: MIT
#include "helper/vault/command.h"

#include <functional>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/confirm.h"
#include "helper/cli/report.h"
#include "helper/vault/report.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/terminal.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/manager.h"

namespace cred {
namespace {

// The options by which a key is given.
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

void note_protection(const VaultManager::AddedKey& key, const Call& call) {
  const KeySlot& slot = key.slot;
  if (slot.kind == SlotKind::key_file && slot.path) {
    call.context.err.note(
        key.made_file ? "a new random key was written to " : "its key is that in ", *slot.path);
  }
  if (slot.kind == SlotKind::clevis) {
    const auto caution =
        clevis_caution(call.options.key.clevis.at(0), call.options.key.clevis.at(1));
    if (caution) call.context.err.warn(*caution);
  }
  call.context.err.note("what this key protects against: " + protection_of(slot));
}

int create(const Call& call) {
  const auto key = call.manager.create(slot_of(call.options.key));
  call.context.done("the vault was made");
  call.context.out.line("created ", call.manager.name(), ", unlocked by ", name_of(key.slot.kind),
                        " ", to_hex(key.slot.id));
  note_protection(key, call);
  call.context.err.hint(kProgram, " migrate, unless docker asks it already");
  return exit_done;
}

int unlock(const Call& call) {
  std::optional<std::filesystem::path> key_file;
  if (!call.options.unlock_key_file.empty()) key_file = call.options.unlock_key_file;
  if (!call.manager.unlock(parse_duration(call.options.time).value(), key_file)) {
    throw Error(Errc::io, "the vault was unlocked, and this machine cannot keep it unlocked");
  }
  call.context.done("the vault is unlocked");
  call.context.out.line("unlocked for ", call.options.time, "; ", kProgram, " vault lock locks it");
  return exit_done;
}

int lock(const Call& call) {
  call.manager.lock();
  call.context.done("the vault is locked");
  call.context.out.line("locked");
  call.context.look_back([&] {
    if (!call.manager.status().is_unlocked()) return;
    call.context.err.note("its key file unlocks it all the same");
  });
  return exit_done;
}

int describe(const Call& call) {
  const VaultStatus status = call.manager.status();
  if (call.options.json) {
    print_status_json(status, call.context.document);
  } else {
    print_status(status, call.context.out);
  }
  return exit_done;
}

int destroy(const Call& call) {
  if (!call.options.yes) {
    confirm("Remove the vault " + call.manager.name() + " with every login in it?",
            "nothing was removed");
  }
  const auto slots = call.manager.destroy();
  call.context.done("the vault was removed");
  call.context.out.line("removed ", call.manager.name());
  for (const auto& slot : slots) {
    if (slot.path) call.context.err.note("its key file is still there: " + *slot.path);
  }
  return exit_done;
}

int list_keys(const Call& call) {
  print_slots(call.manager.slots(), call.context.out);
  return exit_done;
}

int add_key(const Call& call) {
  const auto key = call.manager.add_slot(slot_of(call.options.key));
  call.context.done("the key was added");
  call.context.out.line("added ", name_of(key.slot.kind), " ", to_hex(key.slot.id));
  note_protection(key, call);
  return exit_done;
}

int remove_key(const Call& call) {
  call.manager.remove_slot(call.options.id, call.options.keep_data_key);
  call.context.done("the key was removed");
  call.context.out.line("removed ", call.options.id);
  call.context.look_back([&] {
    if (call.manager.status().is_unlocked()) return;
    call.context.err.note("the vault is locked now");
    call.context.err.hint(kProgram, " vault unlock");
  });
  call.context.err.note(
      call.options.keep_data_key
          ? "an old copy of the vault and the removed key together unlock new copies as well; "
            "without --keep-data-key they do not"
          : "old copies and backups can still be unlocked with the removed key; if it is in wrong "
            "hands, "
            "change the passwords that they hold");
  return exit_done;
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

Misuse misuse_of_time(const std::string& text) {
  if (parse_duration(text)) return std::nullopt;
  return "a time is a number with s, m, h or d behind it, as 8h";
}

using Run = int (*)(const Call&);

// Sets what is to be run, once the command is known.
using Choice = std::function<std::function<void()>(Run)>;

Grammar key_grammar(Options& options, const Choice& run) {
  const Argument id{
      .name = "ID", .target = &options.id, .help = "As `key list` shows it", .required = true};
  const Argument keep{"--keep-data-key", &options.keep_data_key,
                      "Only forget the key: the others need not be unlocked"};
  return {
      .name = "key",
      .help = "The keys that unlock it",
      .commands = {
          {"list", "One line for each key: id, kind, host, date, details", {}, run(list_keys)},
          {"add", "Add a key; by default a passphrase", key_arguments(options.key), run(add_key)},
          {"remove",
           "Remove a key, and encrypt all with a new data key",
           {id, keep},
           run(remove_key)}}};
}

Grammar grammar_of(Options& options, const Choice& run) {
  const Argument time{.name = "--for",
                      .target = &options.time,
                      .help = "How long, up to 7d",
                      .value = "TIME",
                      .check = misuse_of_time};
  const Argument key_file{"--key-file", &options.unlock_key_file,
                          "Unlock it by this key file; - reads the key from stdin", "PATH"};
  const Argument json{"--json", &options.json, "As one JSON document"};
  const Argument yes{"--yes", &options.yes, "Do not ask"};
  return {.name = "vault",
          .help = "The encrypted vault: the store of machines without a keyring.",
          .commands = {
              {"create", "Make the vault; by default with a passphrase", key_arguments(options.key),
               run(create)},
              {"unlock", "Keep the vault unlocked for a time", {time, key_file}, run(unlock)},
              {"lock", "Lock it, in every session", {}, run(lock)},
              {"status", "Describe it, and what each key protects against", {json}, run(describe)},
              {"destroy", "Remove it with all that it holds", {yes}, run(destroy)},
              key_grammar(options, run)}};
}

}  // namespace

int vault_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  Run run = nullptr;
  const auto choice = [&run](Run command) { return [&run, command] { run = command; }; };
  const Grammar grammar = grammar_of(options, choice);
  if (const auto answered = parse_command_line(grammar, arguments, context)) return *answered;
  const Settings settings = read_settings(context.environment, context.err);
  VaultManager manager(context.environment, settings, context.err);
  return run({manager, options, context});
}

}  // namespace cred
