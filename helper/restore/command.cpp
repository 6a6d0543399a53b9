// SPDX-License-Identifier: MIT
#include "helper/restore/command.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/completion_words.h"
#include "helper/cli/confirm.h"
#include "helper/cli/report.h"
#include "helper/files/login_files.h"
#include "helper/migrate/containers_setup.h"
#include "helper/migrate/run.h"
#include "helper/restore/destinations.h"
#include "helper/restore/everybody.h"
#include "helper/restore/plan.h"
#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "helper/text/tilde.h"
#include "platform/open_store.h"
#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/system/config_file.h"
#include "platform/system/file_status.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr const char* kNothingDone = "nothing was restored";

struct Options {
  std::string config;
  bool yes = false;
  bool system = false;
  bool json = false;
  RestoreWish wish;
};

Grammar grammar_of(Options& options) {
  return {
      .name = "restore",
      .help =
          "Writes logins from the keyring or the vault back into the files that they came from, "
          "docker's config.json where that is not known. There they lie in plaintext (base64). It "
          "does so for the servers named, or for all; then docker also stops asking the keyring. "
          "They stay in the keyring or the vault too.",
      .arguments =
          {{"--config", &options.config,
            "Write all of them into this file: a config.json, docker's folder, or an auth.json",
            "PATH"},
           {"--yes", &options.yes, "Do not ask"},
           json_argument(options.json),
           {.name = "SERVER",
            .target = &options.wish.servers,
            .help = "The servers; all if none is named",
            .words = indexed_servers},
           {.name = "--setup-only",
            .target = &options.wish.setup_only,
            .help = "Take the keyring out of docker's configuration, and write no login",
            .excludes = {"SERVER"}},
           {.name = "--system",
            .target = &options.system,
            .help = "As root: the same as --setup-only, for every user of this machine",
            .excludes = {"SERVER", "--config", "--json"}}},
      .examples = {"docker-credential-keyring restore",
                   "docker-credential-keyring restore reg.example:5000",
                   "docker-credential-keyring restore --setup-only"}};
}

Destinations destinations_of(const Options& options, const Environment& environment) {
  if (options.config.empty()) {
    return {environment, ServerIndex(environment, IndexUse::only_read)};
  }
  LoginFile file = login_file_at(options.config);
  if (file.format->rewriting != LoginFormat::Rewriting::none) return Destinations(std::move(file));
  throw Error(Errc::bad_request,
              file.path.string() + " is of old versions of docker, and is never written");
}

// A file, and what is written into it.
struct FileRestore {
  const LoginFile* destination;
  ConfigFile file;
  RestoreWish wish;
  RestorePlan plan;

  [[nodiscard]] bool is_concerned() const { return plan.new_text || !plan.entries.empty(); }
};

// Reads the store.
std::vector<FileRestore> plan_targets(const Destinations& destinations, const RestoreWish& wish,
                                      Store& store) {
  std::vector<FileRestore> targets;
  targets.reserve(destinations.files().size());
  for (const LoginFile& destination : destinations.files()) {
    if (wish.setup_only && !destination.format->obeys_creds_store) continue;
    RestoreWish own = wish;
    own.goes_here = [&](const std::string& server) {
      return &destinations.of(server) == &destination;
    };
    FileRestore& target = targets.emplace_back(
        FileRestore{&destination, ConfigFile(destination.path), std::move(own), {}});
    const SourceFile source{target.file.path(), target.file.read(), destination.format};
    target.plan = plan_restore(source, store, target.wish);
  }
  return targets;
}

std::size_t written(std::span<const FileRestore> targets) {
  std::size_t count = 0;
  for (const auto& target : targets) count += target.plan.written();
  return count;
}

void throw_if_all_failed(std::span<const FileRestore> targets) {
  if (written(targets) > 0) return;
  for (const auto& target : targets) {
    if (target.plan.failure) throw Error(*target.plan.failure);
  }
}

void ask_for_plaintext(std::span<const FileRestore> targets) {
  if (written(targets) == 0) return;
  std::vector<std::string> files;
  for (const auto& target : targets) {
    if (target.plan.written() > 0) files.push_back(target.file.path().string());
  }
  confirm("This writes " + login_count(written(targets)) + " in plaintext into " +
              join(files, " and ") + ". Go on?",
          kNothingDone);
}

// All can be written, or none is.
void write(std::vector<FileRestore>& targets, Store& store) {
  for (auto& target : targets) {
    // A file that others may read is closed to them before there are passwords in it.
    if (target.plan.new_text) target.file.prepare(target.plan.written() > 0);
  }
  std::string done;
  for (auto& target : targets) {
    try {
      run_restore(target.file, target.plan, store, target.wish);
    } catch (const Error& failure) {
      if (done.empty()) throw;
      throw Error(Errc::left_behind, std::string(failure.what()) + "; done before that:" + done);
    }
    if (target.plan.new_text) done += ' ' + target.file.path().string();
  }
}

void remove_leftovers(std::span<const FileRestore> targets, Store& store) {
  for (const auto& target : targets) {
    remove_own_leftovers(target.file, *target.destination->format, store);
  }
}

std::string verdict(const RestorePlan& plan, const RestoreWish& wish) {
  const std::string reader(plan.source.format->reader);
  if (plan.written() == 0 && plan.kept() > 0) return "nothing was changed";
  if (!plan.new_text) return "nothing to do";
  if (plan.written() == 0) return reader + " asks this helper no more; no login was written";
  std::string done = login_count(plan.written()) + " written in plaintext";
  if (!plan.source.format->obeys_creds_store) return done;
  if (!wish.servers.empty()) return done + "; " + reader + " reads them from this file from now on";
  return done + "; " + reader + " asks this helper " +
         (plan.kept() > 0 ? "for the others alone" : "no more");
}

// What is said of a credential: where it comes from, or why it stays.
std::string remark_on(const RestoredEntry& entry, const FileRestore& target,
                      const Destinations& destinations) {
  if (!entry.is_written()) return entry.reason;
  std::string remark = "from the " + std::string(entry.store->name());
  if (!entry.reason.empty()) remark += "; " + entry.reason;
  const auto lost = destinations.lost_file(entry.server);
  if (lost && &destinations.of(entry.server) == target.destination) {
    remark += "; it was in " + lost->string() + ", which goes at logout or restart";
  }
  return remark;
}

const char* word_for(const RestoredEntry& entry) {
  if (entry.is_written()) return "restored";
  return entry.is_missing ? "missing " : "kept    ";
}

void print(const FileRestore& target, const Destinations& destinations,
           const CommandContext& context) {
  const Notes& out = context.out;
  const auto shown = [&](const std::string& text) { return with_tilde(text, context.environment); };
  Table table;
  for (const auto& entry : target.plan.entries) {
    table.add({word_for(entry), entry.server, entry.username,
               shown(remark_on(entry, target, destinations))});
  }
  out.line(shown(target.plan.source.path));
  table.print(out, "  ", context.result_width());
  print_remark(out, verdict(target.plan, target.wish), context.result_width());
}

void print(std::span<const FileRestore> targets, const Destinations& destinations,
           const CommandContext& context) {
  if (targets.empty()) return context.out.line("nothing to do");
  if (std::ranges::none_of(targets, &FileRestore::is_concerned)) targets = targets.first(1);
  for (const auto& target : targets) {
    if (target.is_concerned() || targets.size() == 1) print(target, destinations, context);
  }
}

void print_json(std::span<const FileRestore> targets, const Destinations& destinations,
                std::ostream& out) {
  using Json = nlohmann::ordered_json;
  Json files = Json::array();
  for (const auto& target : targets) {
    Json entries = Json::array();
    for (const auto& entry : target.plan.entries) {
      const char* action = entry.is_written() ? "restored" : entry.is_missing ? "missing" : "kept";
      entries.push_back({{"server", entry.server},
                         {"username", entry.username},
                         {"action", action},
                         {"store", entry.store ? entry.store->text() : ""},
                         {"reason", remark_on(entry, target, destinations)}});
    }
    files.push_back({{"file", target.plan.source.path},
                     {"written", target.plan.new_text.has_value()},
                     {"entries", std::move(entries)}});
  }
  write_json({{"version", 1}, {"files", std::move(files)}}, out);
}

// docker logout asks the helper for http://SERVER and https://SERVER as well, for which no
// exception stands in credHelpers.
void note_copies(std::span<const FileRestore> targets, const RestoreWish& wish,
                 const CommandContext& context) {
  const auto is_written_to = [](const FileRestore& target) { return target.plan.written() > 0; };
  const auto target = std::ranges::find_if(targets, is_written_to);
  if (target == targets.end()) return;
  const auto first = std::ranges::find(target->plan.entries, true, &RestoredEntry::is_written);
  const std::string stay = "the logins stay in the " + std::string(first->store->name()) + " too, ";
  if (!wish.servers.empty() && target->destination->format->obeys_creds_store) {
    return context.err.note(stay + "until docker logout removes both");
  }
  context.err.note(stay + "where docker logout does not remove them any more; this does: " +
                   kProgram + " remove SERVER");
}

void note_closed(const ConfigFile& file, const CommandContext& context) {
  if (!file.is_narrowed()) return;
  context.err.note("others could read ", file.path(), "; now its owner alone can");
}

// Podman, skopeo and buildah, who read docker's file too, go back to their files as docker does;
// false where they do not.
bool undo_containers_setup(const CommandContext& context) {
  bool is_all = true;
  const RegistriesConfFolders folders = registries_conf_folders(context.environment);
  std::vector<std::filesystem::path> ours{folders.user};
  if (context.environment.uid == 0) ours.push_back(folders.system);
  for (const auto& folder : ours) {
    try {
      if (!remove_drop_in(folder)) continue;
      context.err.note("removed " + drop_in_path(folder).string() +
                       ": podman, skopeo and buildah do not ask the keyring any more");
    } catch (const Error& failure) {
      context.err.warn("podman, skopeo and buildah go on asking the keyring: ", failure.what());
      is_all = false;
    }
  }
  return is_all;
}

int exit_status(std::span<const FileRestore> targets) {
  const auto keeps = [](const FileRestore& target) { return target.plan.kept() > 0; };
  const auto changes = [](const FileRestore& target) { return target.plan.new_text.has_value(); };
  if (std::ranges::none_of(targets, keeps)) return exit_done;
  return std::ranges::any_of(targets, changes) ? exit_partial : exit_failed;
}

// Whether docker asks us no more, as far as the files say that it reads.
bool is_undone(std::span<const FileRestore> targets, const Options& options,
               const Environment& environment) {
  const path usual = docker_files(environment).front().path;
  const bool has_usual = options.config.empty() || targets.front().file.path() == usual;
  return options.wish.servers.empty() && has_usual && exit_status(targets) != exit_failed;
}

// Nothing is left behind unseen: a store that is locked, and of which nothing says what it holds,
// is unlocked, as for a server that it may have. Throws where it stays locked.
void know_all(Store& store) {
  if (!store.half_known().empty()) static_cast<void>(store.get("any.invalid"));
  for (const auto& id : store.half_known()) {
    throw Error(Errc::locked, "the " + std::string(id.name()) +
                                  " is locked, and nothing says which logins it has");
  }
}

}  // namespace

int restore_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  if (options.system) {
    if (context.environment.uid == 0) return restore_for_everybody(context);
    throw Error(Errc::bad_request, "--system looks at every user's files, and needs root: sudo " +
                                       std::string(kProgram) + " restore --system");
  }
  const RestoreWish& wish = options.wish;
  const bool asks = !options.yes && !wish.setup_only;
  if (asks) require_somebody(kNothingDone);
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store(context.environment, settings, context.err);
  const FileLock alone = wait_for_other_migrations(context.environment);

  if (wish.servers.empty() && !wish.setup_only) know_all(*store);
  const Destinations destinations = destinations_of(options, context.environment);
  std::vector<FileRestore> targets = plan_targets(destinations, wish, *store);
  throw_if_all_failed(targets);
  if (asks) ask_for_plaintext(targets);
  write(targets, *store);
  if (exit_status(targets) != exit_failed) context.done("the logins were restored");
  context.look_back([&] { remove_leftovers(targets, *store); });
  if (options.json) {
    print_json(targets, destinations, context.document);
  } else {
    print(targets, destinations, context);
  }
  const bool is_all =
      !is_undone(targets, options, context.environment) || undo_containers_setup(context);
  note_copies(targets, wish, context);
  for (const auto& target : targets) note_closed(target.file, context);
  const int status = exit_status(targets);
  return status == exit_done && !is_all ? exit_partial : status;
}

}  // namespace cred
