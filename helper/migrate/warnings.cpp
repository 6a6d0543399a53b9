// SPDX-License-Identifier: MIT
#include "helper/migrate/warnings.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "helper/cli/hints.h"
#include "helper/files/leftovers.h"
#include "helper/files/login_files.h"
#include "platform/keyring/status.h"
#include "platform/system/process.h"

namespace cred {

using std::filesystem::path;

void warn_of_surroundings(std::span<const MigrationFile> files, const CommandContext& context) {
  const Environment& environment = context.environment;
  const Notes& err = context.err;
  if (environment.get("DOCKER_AUTH_CONFIG")) {
    err.warn(kAuthConfigOverrides);
  }
  for (const auto& keyring : find_unprotected_keyrings(environment)) {
    err.warn(keyring, kKeyringIsUnprotected);
  }
  for (const auto& file : files) {
    for (const auto& leftover : find_plaintext_beside(file.file)) {
      err.warn(leftover, kHoldsPlaintext, "; delete it when you no longer need it");
    }
  }
  const auto is_told = [](const MigrationFile& file) { return is_of_snap(file.file.path()); };
  if (std::ranges::any_of(files, is_told)) return;
  const path snap = snap_file(environment);
  std::error_code failed;
  if (std::filesystem::exists(snap, failed)) err.warn(snap, kSnapIsAlone);
}

void warn_of_late_writers(const MigrationPlan& plan, std::span<const MigrationFile> files,
                          const CommandContext& context) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& planned = plan.files[i];
    if (planned.new_text && files[i].file.read() != planned.new_text) {
      context.err.warn(planned.source.path,
                       " was written by another program just now, which may have put an old copy "
                       "back; run migrate again");
    }
  }
}

void warn_of_other_names(const MigrationPlan& plan, std::span<const MigrationFile> files,
                         const CommandContext& context) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& number = files[i].file.linked();
    if (!plan.files[i].new_text || !number) continue;
    context.err.warn(plan.files[i].source.path,
                     " had other names (hard links), which keep its logins in plaintext: find ~ "
                     "-xdev -inum ",
                     *number);
  }
}

void note_rival(const MigrationPlan& plan, const CommandContext& context) {
  const bool is_new = !plan.files.empty() && !plan.files.front().source.text;
  if (!is_new || !find_program(context.environment, "pass")) return;
  context.err.note(
      "without this docker would have chosen the helper \"pass\", because the program pass is "
      "installed");
}

}  // namespace cred
