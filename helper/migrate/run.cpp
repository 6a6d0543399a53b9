// SPDX-License-Identifier: MIT
#include "helper/migrate/run.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>

#include "helper/files/docker_config.h"
#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

SourceFile read_source(const MigrationFile& file) {
  return {file.file.path(), file.file.read(), file.format, file.is_volatile, file.held_back};
}

// The part of the plan that the store has not yet.
std::vector<Credential> missing_credentials(const MigrationPlan& plan) {
  std::vector<Credential> missing;
  for (const auto& credential : plan.credentials) {
    if (!credential.is_stored()) missing.push_back(copy(credential.wanted));
  }
  return missing;
}

// Whether `credential` can be erased from the store again without being lost: the helper that it
// came from still has it. Where both keep theirs in one keyring, put() may have erased the
// helper's.
bool may_be_taken_back(const Credential& credential, const HelperCredentials* from) {
  if (from == nullptr) return true;
  const auto given =
      std::ranges::find(from->credentials, credential.server, &HelperCredential::server);
  if (given == from->credentials.end() || !given->credential) return true;
  const auto now = from->source->get(credential.server);
  return now && same_credential(*now, credential);
}

std::string done_before(const std::string& finished) {
  return finished.empty() ? "" : "; done before that:" + finished;
}

// Puts back what the store held before, the last first, and throws `cause`, which people have to
// know; a failure on top of it counts only where something is left behind. `finished`: the files
// that stay rewritten.
[[noreturn]] void roll_back(const MigrationPlan& plan, Store& store, const HelperCredentials* from,
                            const std::exception& failure, const std::string& finished = "") {
  std::string left_behind;
  std::for_each(plan.credentials.rbegin(), plan.credentials.rend(), [&](const auto& credential) {
    if (credential.is_stored()) return;
    try {
      if (!may_be_taken_back(credential.wanted, from)) return;
      if (credential.before) {
        store.put(*credential.before);
      } else {
        store.erase({{credential.wanted.server}});
      }
    } catch (const std::exception&) {
      left_behind += ' ' + credential.wanted.server;
    }
  });
  const Error cause = as_error(failure);
  if (left_behind.empty() && finished.empty()) throw Error(cause);
  std::string message = cause.what() + done_before(finished);
  if (!left_behind.empty()) {
    message += "; the " + std::string(store.name()) +
               " may have got these before that, and they could not be taken back:" + left_behind;
  }
  throw Error(Errc::left_behind, message);
}

void verify(std::span<const Credential> credentials, Store& store, const Progress& progress) {
  std::size_t done = 0;
  for (const auto& credential : credentials) {
    const auto found = store.get(credential.server);
    if (!found || !same_credential(*found, credential)) {
      throw Error(Errc::io, "the " + std::string(store.name()) + " gave back another login for " +
                                credential.server + " than was stored; its file was left as it is");
    }
    progress(++done, credential.server);
  }
}

void store_and_verify(const MigrationPlan& plan, Store& store, const HelperCredentials* from,
                      const MigrationProgress& progress) {
  const auto missing = missing_credentials(plan);
  if (missing.empty()) return;
  const auto report = [&](MigrationStep::What what) {
    return [&, what](std::size_t done, const std::string& server) {
      if (progress) progress({what, done, missing.size(), server});
    };
  };
  try {
    store.put(missing, report(MigrationStep::What::stored));
    verify(missing, store, report(MigrationStep::What::read_back));
  } catch (const std::exception& failure) {
    roll_back(plan, store, from, failure);
  }
}

// Planning reads the store and a file, both of which others may change, so a file is written only
// in place of exactly what was planned from; else it is planned again.
void rewrite(MigrationFile& file, std::size_t position, MigrationPlan& plan, Store& store,
             bool replace, const HelperCredentials* from) {
  constexpr int kAttempts = 10;
  PlannedFile& planned = plan.files[position];
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (!planned.new_text || file.file.replace(planned.source.text, *planned.new_text)) return;
    const SourceFile now = read_source(file);
    MigrationPlan again = plan_migration({&now, 1}, store, replace, plan.credentials, from);
    planned = std::move(again.files.front());
    store_and_verify(again, store, from, nullptr);
    std::ranges::move(again.credentials, std::back_inserter(plan.credentials));
  }
  throw Error(Errc::io,
              file.file.path().string() + ": another program keeps writing it; try again");
}

// A plan without the credentials that finished files have given away: they must not be taken back.
void forget_finished(MigrationPlan& plan, const PlannedFile& finished) {
  std::set<std::string> moved;
  for (const auto& entry : finished.entries) {
    if (entry.action == Action::moved) moved.insert(entry.stored_as.begin(), entry.stored_as.end());
  }
  std::erase_if(plan.credentials, [&](const PlannedCredential& credential) {
    return moved.contains(credential.wanted.server);
  });
}

// Whether each credential in `leftover` can be had from elsewhere: from the store, or from
// `current`, where it stands in the same bytes.
bool is_needless(const std::string& leftover, const std::string& current, const LoginFormat& format,
                 Store& store) {
  try {
    const DockerConfig old_config = format.parse(leftover);
    const DockerConfig config = format.parse(current);
    return std::ranges::all_of(old_config.entries(), [&](const ConfigEntry& entry) {
      if (!entry.holds_credential) return true;
      if (old_config.text_of(entry.key) == config.text_of(entry.key)) return true;
      if (!entry.credential) return false;
      const auto stored = store.get(format.server_in_store(old_config, entry.key));
      return stored && same_credential(*stored, *entry.credential);
    });
  } catch (const Error&) {
    return leftover.empty();
  }
}

}  // namespace

std::vector<SourceFile> read_sources(std::span<const MigrationFile> files) {
  std::vector<SourceFile> sources;
  sources.reserve(files.size());
  for (const auto& file : files) sources.push_back(read_source(file));
  return sources;
}

MigrationPlan foresee_migration(std::span<const MigrationFile> files, Store& store, bool replace,
                                const HelperCredentials* from) {
  MigrationPlan plan = plan_migration(read_sources(files), store, replace, {}, from);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (plan.files[i].new_text) files[i].file.check_replaceable();
  }
  std::vector<std::string> servers;
  for (const auto& missing : missing_credentials(plan)) servers.push_back(missing.server);
  if (!servers.empty() && !store.obstacle()) store.unlock_for(servers);
  return plan;
}

MigrationPlan run_migration(std::span<MigrationFile> files, Store& store, bool replace,
                            const MigrationProgress& progress, const HelperCredentials* from,
                            const BeforeRewriting& before_rewriting) {
  const auto sources = read_sources(files);
  MigrationPlan plan = plan_migration(sources, store, replace, {}, from);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (plan.files[i].new_text) files[i].file.prepare();
  }
  store_and_verify(plan, store, from, progress);
  try {
    if (before_rewriting) before_rewriting(plan);
  } catch (const std::exception& failure) {
    roll_back(plan, store, from, failure);
  }
  std::string finished;
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      rewrite(files[i], i, plan, store, replace, from);
    } catch (const std::exception& failure) {
      // Once the file may have given its credentials away, only the store has them for certain.
      if (files[i].file.may_have_been_replaced()) {
        throw Error(Errc::left_behind, as_error(failure).what() + done_before(finished));
      }
      roll_back(plan, store, from, failure, finished);
    }
    if (plan.files[i].new_text) finished += ' ' + files[i].file.path().string();
    forget_finished(plan, plan.files[i]);
    // From here on docker may ask us for these, too.
    if (from != nullptr) forget_finished(plan, plan.files.back());
  }
  return plan;
}

void remove_own_leftovers(const ConfigFile& file, const LoginFormat& format, Store& store) {
  for (const auto& leftover : file.own_leftovers()) {
    const auto text = read_file(leftover);
    if (text && is_needless(*text, file.read().value_or(""), format, store)) {
      remove_file(leftover);
    }
  }
}

FileLock wait_for_other_migrations(const Environment& environment) {
  constexpr std::chrono::minutes kLimit(5);
  const LockPlace place{.file = environment.state_folder() / "migrate.lock",
                        .instead = runtime_file(environment.runtime_folder(), "migrate.lock")};
  make_private_folder(environment.state_folder());
  auto lock = FileLock::acquire(place, kLimit);
  if (!lock) throw Error(Errc::io, "another migrate is still running; wait for it, or end it");
  return std::move(*lock);
}

}  // namespace cred
