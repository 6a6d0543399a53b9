// SPDX-License-Identifier: MIT
#include "helper/restore/command.h"

#include <algorithm>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/confirm.h"
#include "helper/cli/report.h"
#include "helper/files/login_files.h"
#include "helper/migrate/containers_setup.h"
#include "helper/migrate/run.h"
#include "helper/restore/plan.h"
#include "helper/text/table.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/system/file_status.h"

namespace cred {
namespace {

constexpr const char* kNothingDone = "nothing was restored";

struct Options {
  std::string config;
  bool yes = false;
  RestoreWish wish;
};

Grammar grammar_of(Options& options) {
  return {"restore",
          "Writes logins from the keyring or the vault back into docker's config.json, where they "
          "lie in plaintext (base64), for the servers named, or for all; then docker also stops "
          "asking the keyring. They stay in the keyring or the vault too.",
          {{"--config", &options.config,
            "A config.json, or docker's folder (default: $DOCKER_CONFIG, else ~/.docker)", "PATH"},
           {"--yes", &options.yes, "Do not ask"},
           {"SERVER", &options.wish.servers, "The servers; all if none is named"},
           {.name = "--setup-only",
            .target = &options.wish.setup_only,
            .help = "Take the keyring out of docker's configuration, and write no login",
            .excludes = {"SERVER"}}}};
}

LoginFile file_of(const Options& options, const Environment& environment) {
  if (options.config.empty()) return docker_files(environment).front();
  LoginFile file = login_file_at(options.config);
  if (file.format->obeys_creds_store) return file;
  throw Error(Errc::bad_request, file.path.string() + " is not a config.json of docker's");
}

std::string verdict(const RestorePlan& plan, const RestoreWish& wish) {
  if (plan.written() == 0 && plan.kept() > 0) return "nothing was changed";
  const std::string done = login_count(plan.written()) + " written in plaintext; ";
  if (!plan.new_text) return "nothing to do";
  if (wish.setup_only) return "docker asks the keyring no more; no login was written";
  if (!wish.servers.empty()) return done + "docker reads them from this file from now on";
  return done + "docker asks the keyring " + (plan.kept() > 0 ? "for the others alone" : "no more");
}

// What is said of a credential: where it comes from, or why it stays.
std::string remark_on(const RestoredEntry& entry) {
  if (!entry.is_written()) return entry.reason;
  return "from the " + std::string(entry.store->name()) + (entry.reason.empty() ? "" : "; ") +
         entry.reason;
}

void print(const RestorePlan& plan, const RestoreWish& wish, const Notes& out) {
  Table table;
  for (const auto& entry : plan.entries) {
    table.add({entry.is_written() ? "restored" : "kept    ", entry.server, entry.username,
               remark_on(entry)});
  }
  out.line(plan.source.path);
  table.print(out);
  out.line("  ", verdict(plan, wish));
}

// docker logout asks the helper for http://SERVER and https://SERVER as well, for which no
// exception stands in credHelpers.
void note_copies(const RestorePlan& plan, const RestoreWish& wish, const CommandContext& context) {
  const auto first = std::ranges::find(plan.entries, true, &RestoredEntry::is_written);
  if (first == plan.entries.end()) return;
  const std::string stay = "the logins stay in the " + std::string(first->store->name()) + " too, ";
  if (!wish.servers.empty()) return context.err.note(stay + "until docker logout removes both");
  context.err.note(stay +
                   "where docker logout does not remove them any more; this does: echo SERVER | " +
                   kProgram + " erase");
}

void note_readers(const std::filesystem::path& file, const CommandContext& context) {
  if (!inspect_status(file).others_can_read()) return;
  context.err.warn("others may read ", file, "; chmod 600 keeps them out");
}

// Podman, skopeo and buildah, who read docker's file too, go back to their files as docker does.
void undo_containers_setup(const CommandContext& context) {
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
    }
  }
}

int exit_status(const RestorePlan& plan) {
  if (plan.kept() == 0) return exit_done;
  return plan.written() > 0 ? exit_partial : exit_failed;
}

}  // namespace

int restore_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  const RestoreWish& wish = options.wish;
  const bool asks = !options.yes && !wish.setup_only;
  if (asks) require_somebody(kNothingDone);
  ConfigFile file(file_of(options, context.environment).path);
  const Settings settings = read_settings(context.environment, context.err);
  const auto store = open_store(context.environment, settings, context.err);
  const FileLock alone = wait_for_other_migrations(context.environment);

  RestorePlan plan = plan_restore({file.path(), file.read()}, *store, wish);
  if (plan.written() == 0 && plan.failure) throw Error(*plan.failure);
  if (asks && plan.written() > 0) {
    confirm("This writes " + login_count(plan.written()) + " in plaintext into " +
                file.path().string() + ". Go on?",
            kNothingDone);
  }
  run_restore(file, plan, *store, wish);
  remove_own_leftovers(file, kDockerConfigFormat, *store);
  print(plan, wish, context.out);
  const bool is_usual_file = file.path() == docker_files(context.environment).front().path;
  const bool is_done = exit_status(plan) != exit_failed;
  if (wish.servers.empty() && is_usual_file && is_done) undo_containers_setup(context);
  note_copies(plan, wish, context);
  if (plan.written() > 0) note_readers(file.path(), context);
  return exit_status(plan);
}

}  // namespace cred
