// SPDX-License-Identifier: MIT
// Carries a migration out. Nothing is lost, wherever it fails or is killed: a file changes only
// after all that leaves it has been read back from the store.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "helper/migrate/plan.h"
#include "platform/store/store.h"
#include "platform/system/config_file.h"
#include "platform/system/environment.h"

namespace cred {

// What was done just now: the first `done` of `count` logins are `what`, the last of them that of
// `server`.
struct MigrationStep {
  enum class What { stored, read_back } what;
  std::size_t done;
  std::size_t count;
  const std::string& server;
};
using MigrationProgress = std::function<void(const MigrationStep& step)>;

struct MigrationFile {
  ConfigFile file;
  const LoginFormat* format = &kDockerConfigFormat;
  bool is_volatile = false;
  std::optional<Refusal> held_back = {};  // as in SourceFile
};

[[nodiscard]] std::vector<SourceFile> read_sources(std::span<const MigrationFile> files);

// The plan of run_migration(), and its failures as far as they can be known without a change: of
// what cannot be written, and of a store that is asked for and stays locked. One that has an
// obstacle is not asked.
[[nodiscard]] MigrationPlan foresee_migration(std::span<const MigrationFile> files, Store& store,
                                              bool replace,
                                              const HelperCredentials* from = nullptr);

// Called when all that leaves a file has been read back, just before the first file is rewritten.
using BeforeRewriting = std::function<void(const MigrationPlan& plan)>;

// Plans, stores, reads back, rewrites; returns the plan that was carried out in the end: a file
// that another program wrote meanwhile is planned again, so both changes are in it. On failure the
// store holds what it held before, save for files that were finished already, and for what the
// source of `from` has no more: that may be the same store.
[[nodiscard]] MigrationPlan run_migration(std::span<MigrationFile> files, Store& store,
                                          bool replace, const MigrationProgress& progress,
                                          const HelperCredentials* from = nullptr,
                                          const BeforeRewriting& before_rewriting = nullptr);

// Removes what a killed migration left beside `file`, where every credential in it can be had
// elsewhere.
void remove_own_leftovers(const ConfigFile& file, const LoginFormat& format, Store& store);

// The lock around every command that moves credentials between docker's files and the store: two at
// once would each take the other's work for another program's. Waits; throws Error(io) if another
// one takes too long.
[[nodiscard]] FileLock wait_for_other_migrations(const Environment& environment);

}  // namespace cred
