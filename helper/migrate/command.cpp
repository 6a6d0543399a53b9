// SPDX-License-Identifier: MIT
#include "helper/migrate/command.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "helper/cli/command_line.h"
#include "helper/cli/completion_words.h"
#include "helper/cli/report.h"
#include "helper/files/login_files.h"
#include "helper/migrate/containers_setup.h"
#include "helper/migrate/found_files.h"
#include "helper/migrate/gone_helper.h"
#include "helper/migrate/missing_store.h"
#include "helper/migrate/origins.h"
#include "helper/migrate/other_helper.h"
#include "helper/migrate/report.h"
#include "helper/migrate/run.h"
#include "helper/migrate/warnings.h"
#include "helper/text/wrap.h"
#include "platform/forward/store.h"
#include "platform/helper_store.h"
#include "platform/open_store.h"
#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/system/terminal.h"
#include "platform/text/printable.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

struct Options {
  bool dry_run = false;
  bool json = false;
  bool replace = false;
  bool system = false;
  std::vector<std::string> configs;
  std::optional<std::string> from;
  bool erase_source = false;
};

Grammar grammar_of(Options& options) {
  return {
      .name = "migrate",
      .help =
          "Moves every login in the files of docker, helm, podman, skopeo and buildah into the "
          "keyring, or into the encrypted vault where there is none, reads each back, and only "
          "then "
          "rewrites the files, so that these tools ask the keyring from then on. An entry that "
          "cannot move stays, is named, and keeps working.",
      .arguments =
          {{"--dry-run", &options.dry_run, "Show what would happen and change nothing"},
           json_argument(options.json),
           {"--replace", &options.replace, "Replace a different login that is stored already"},
           {"--system", &options.system,
            "As root: have podman, skopeo and buildah ask the keyring for every user"},
           {"--config", &options.configs,
            "A config.json, docker's folder, or an auth.json; may be given more than once "
            "(default: "
            "the files of docker, helm, podman, skopeo and buildah)",
            "PATH"},
           {.name = "--from",
            .target = &options.from,
            .help =
                "Move the logins of docker-credential-HELPER too, as pass or secretservice, and "
                "take its place",
            .value = "HELPER",
            .words = helpers_on_path},
           {.name = "--erase-source",
            .target = &options.erase_source,
            .help = "Erase them there, once they are moved and read back",
            .needs = "--from"}},
      .examples = {"docker-credential-keyring migrate --dry-run",
                   "docker-credential-keyring migrate --from pass",
                   "sudo docker-credential-keyring migrate --system"}};
}

// Files elsewhere are none of what podman, skopeo and buildah read.
bool concerns_containers(std::span<const LoginFile> files, const Environment& environment) {
  const std::vector<LoginFile> of_docker = docker_files(environment);
  return std::ranges::any_of(files, [&](const LoginFile& file) {
    const auto is_this = [&](const LoginFile& other) { return other.path == file.path; };
    return file.format->is_of_containers_tools || std::ranges::any_of(of_docker, is_this);
  });
}

std::optional<ContainersSetup> containers_setup(std::span<const LoginFile> files,
                                                const Options& options,
                                                const CommandContext& context) {
  const Environment& environment = context.environment;
  if (options.system && environment.uid != 0) {
    throw Error(Errc::bad_request, "--system sets up every user, and needs root: sudo " +
                                       std::string(kProgram) + " migrate --system");
  }
  if (!uses_containers_tools(environment)) return std::nullopt;
  if (!options.system && !concerns_containers(files, environment)) return std::nullopt;
  return ContainersSetup(environment, options.system);
}

// Docker starts the helper by name, so what it finds has to be what stores now.
void check_that_docker_finds_us(const Environment& environment) {
  const auto found = find_program(environment, kProgram);
  if (const auto refusal = found ? why_not_by_name(*found) : std::nullopt) {
    throw Error(Errc::io, std::string(kProgram) + ' ' + refusal->reason + "; nothing was changed");
  }
  if (found && is_this_program(*found)) return;
  const std::string what = found ? found->string() + " is another program or another version"
                                 : std::string(kProgram) + " is not on PATH";
  throw Error(Errc::io, what +
                            ", and docker would start that; install this one to a folder on "
                            "PATH (as /usr/local/bin), then migrate; nothing was changed");
}

class ProgressLine {
 public:
  explicit ProgressLine(const CommandContext& context)
      : err_(context.err),
        room_(terminal_width(STDERR_FILENO, context.environment.get("COLUMNS").value_or("")) - 1),
        on_terminal_(is_terminal(STDERR_FILENO)) {}

  void show(const MigrationStep& step) {
    constexpr std::size_t kMuch = 10;
    if (!on_terminal_ || step.count < kMuch) return;
    const bool is_stored = step.what == MigrationStep::What::stored;
    const std::string text = std::string(is_stored ? "stored " : "read back ") +
                             std::to_string(step.done) + " of " + std::to_string(step.count) + ": ";
    constexpr std::size_t kLeast = 3;
    const std::size_t left = std::max(kLeast, room_ - std::min(room_, text.size()));
    is_open_ = is_stored || step.done < step.count;
    err_.redraw(pad(text + cut_in_middle(printable(step.server), left), room_), !is_open_);
  }

  // What follows is on a line of its own, also after a failure.
  ~ProgressLine() {
    if (is_open_) err_.redraw("", true);
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  Notes err_;
  std::size_t room_;  // columns
  bool on_terminal_;
  bool is_open_ = false;  // the cursor is on it
};

bool rewrites(const MigrationPlan& plan) {
  return std::ranges::any_of(plan.files,
                             [](const PlannedFile& file) { return file.new_text.has_value(); });
}

// Where docker's file is refused and nothing moves, nothing is changed.
bool sets_up_containers(const MigrationPlan& plan, const Options& options) {
  return options.system || exit_status(plan) != exit_failed;
}

// What carry_out() would do.
MigrationPlan foresee(std::span<const MigrationFile> files, Store& store, const Options& options,
                      const HelperCredentials* from,
                      const std::optional<ContainersSetup>& containers) {
  MigrationPlan plan = foresee_migration(files, store, options.replace, from);
  if (containers && sets_up_containers(plan, options)) {
    plan.drop_in = containers->foresee(plan, store);
  }
  return plan;
}

// Migrates, with the two steps around the rewriting that podman, skopeo and buildah need.
MigrationPlan carry_out(std::span<MigrationFile> files, Store& store, const Options& options,
                        const HelperCredentials* from, std::optional<ContainersSetup>& containers,
                        const CommandContext& context) {
  ProgressLine bar(context);
  const auto show = [&](const MigrationStep& step) { bar.show(step); };
  std::vector<path> paths;
  std::ranges::transform(files, back_inserter(paths),
                         [](const MigrationFile& file) { return file.file.path(); });
  ServerIndex index(context.environment);
  const auto before_rewriting = [&](const MigrationPlan& plan) {
    record_origins(plan, paths, index);
    if (containers && rewrites(plan)) containers->before_rewriting();
  };
  try {
    MigrationPlan plan = run_migration(files, store, options.replace, show, from, before_rewriting);
    record_origins(plan, paths, index);  // also of what another program wrote meanwhile
    if (containers && sets_up_containers(plan, options)) {
      plan.drop_in = containers->finish(plan, store);
    }
    return plan;
  } catch (const std::exception&) {
    const bool changed = std::ranges::any_of(
        files, [](const MigrationFile& file) { return file.file.may_have_been_replaced(); });
    if (containers && !changed) containers->undo();
    throw;
  }
}

void print(const MigrationPlan& plan, const Options& options, const CommandContext& context) {
  const Tense tense = options.dry_run ? Tense::planned : Tense::done;
  if (options.json) {
    print_json(plan, tense, context.document);
  } else {
    print_table(plan, tense, context.out, context.result_width(), context.environment);
  }
}

// Docker may be told to ask where no login can be moved to, and home answers.
Lack lack_here(const MigrationPlan& plan, const Options& options, Store& store,
               const Settings& settings) {
  const Lack lack = lack_of(plan, options.system, store);
  const bool is_home_enough =
      lack == Lack::store_to_ask && asks_home(settings) && !inspect_home(settings).absence;
  return is_home_enough ? Lack::nothing : lack;
}

// Where the plan lacks a store: the one that somebody at the terminal chooses. Docker is not told
// to ask where there is none.
void provide_store(std::unique_ptr<Store>& store, std::span<const MigrationFile> files,
                   const Options& options, const HelperCredentials* from, const Settings& settings,
                   const CommandContext& context) {
  if (!store->obstacle()) return;
  const Lack lack =
      lack_here(plan_migration(read_sources(files), *store, options.replace, {}, from), options,
                *store, settings);
  if (lack == Lack::nothing) return;
  if (offer_vault(settings, context)) {
    store = open_store(context.environment, settings, context.err);
  } else if (lack == Lack::store_to_ask) {
    throw Error(Errc::io, "there is no store that docker could ask, so nothing was changed: " +
                              why_no_store(*store));
  }
}

// Where root has no store to ask, and nothing that needs one, --system leaves root's own docker
// out: those whom it sets up have stores of their own.
std::vector<MigrationFile> open_all(std::vector<LoginFile> found, Store& store,
                                    const std::optional<ContainersSetup>& containers,
                                    const Options& options, const CommandContext& context) {
  const auto why_not = containers ? containers->why_not() : std::nullopt;
  auto files = open_files(found, why_not);
  if (!options.system || options.from) return files;
  const MigrationPlan plan = plan_migration(read_sources(files), store, options.replace);
  if (lack_of(plan, /*for_everybody=*/false, store) != Lack::store_to_ask) return files;
  context.err.note("root's own docker is left as it is: ", why_no_store(store));
  std::erase_if(found, [](const LoginFile& file) { return file.format->obeys_creds_store; });
  return open_files(found, why_not);
}

// The helper that --from names, or a link to us that docker asks; empty if there is neither.
class From {
 public:
  From(const Options& options, std::span<const MigrationFile> files, const Settings& settings,
       const CommandContext& context) {
    const auto sources = read_sources(files);
    const auto alias = find_alias(context.environment, sources);
    const auto& asked = options.from ? options.from : alias;
    if (!asked) return;
    helper_ = *asked;
    if (helper_ == alias && !options.erase_source) {
      is_us_ = true;
      source_ = open_gone_helper(context.environment, helper_);
      context.err.note(source_->name(), " is this program under another name");
      return;
    }
    refuse_token_maker(context.environment, helper_);
    const auto gone = why_gone(helper_, context.environment, sources);
    is_gone_ = gone.has_value();
    source_ = gone ? open_gone_helper(context.environment, helper_)
                   : open_helper_store(context.environment, settings, helper_);
    if (!gone) return;
    if (options.erase_source) {
      throw Error(Errc::bad_request,
                  gone->reason + ", so nothing can be erased there; leave out --erase-source");
    }
    context.err.note(gone->reason,
                     "; this program takes its place, and its logins cannot be moved");
  }

  // Asks it for everything; nullptr if there is none.
  const HelperCredentials* read(std::span<const MigrationFile> files) {
    if (source_ == nullptr) return nullptr;
    const auto sources = read_sources(files);
    if (is_us_) {
      credentials_ = HelperCredentials{helper_, source_.get(), {}};
    } else {
      credentials_ = is_gone_ ? credentials_of_gone(helper_, *source_, sources)
                              : read_helper_credentials(helper_, *source_, sources);
    }
    return &*credentials_;
  }

  void erase(MigrationPlan& plan, Store& store, const CommandContext& context) {
    if (erase_at_source(plan, *credentials_, store)) return;
    context.err.note("--erase-source erased nothing: ", source_->name(),
                     " and this program keep their logins in the same store");
  }

 private:
  std::string helper_;
  bool is_us_ = false;
  bool is_gone_ = false;
  std::unique_ptr<Store> source_;
  std::optional<HelperCredentials> credentials_;
};

}  // namespace

int migrate_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  auto [found, unreadable] = find_files(options.configs, context.environment);
  auto containers = containers_setup(found, options, context);
  const Settings settings = read_settings(context.environment, context.err);
  auto store = open_store(context.environment, settings, context.err,
                          options.dry_run ? IndexUse::only_read : IndexUse::kept);
  auto files = open_all(std::move(found), *store, containers, options, context);
  From from(options, files, settings, context);
  check_that_docker_finds_us(context.environment);
  MigrationPlan plan;
  Lack lack = Lack::nothing;
  if (options.dry_run) {
    plan = foresee(files, *store, options, from.read(files), containers);
    lack = lack_here(plan, options, *store, settings);
    if (lack != Lack::nothing)
      context.err.note("nothing could be done now: ", why_no_store(*store));
  } else {
    const FileLock alone = wait_for_other_migrations(context.environment);
    // Another one may have written the drop-in meanwhile.
    if (containers) containers.emplace(context.environment, options.system);
    const HelperCredentials* credentials = from.read(files);
    provide_store(store, files, options, credentials, settings, context);
    plan = carry_out(files, *store, options, credentials, containers, context);
    context.done("the migration was done");
    context.look_back([&] {
      for (const auto& file : files) remove_own_leftovers(file.file, *file.format, *store);
    });
    context.look_back([&] { warn_of_late_writers(plan, files, context); });
    warn_of_other_names(plan, files, context);
    if (options.erase_source) from.erase(plan, *store, context);
  }
  std::ranges::move(unreadable, std::back_inserter(plan.files));
  print(plan, options, context);
  note_rival(plan, context);
  context.look_back([&] { warn_of_surroundings(files, context); });
  return lack == Lack::nothing ? exit_status(plan) : exit_failed;
}

}  // namespace cred
