// SPDX-License-Identifier: MIT
// The reverse of migrate: what a restore would write into one file of credentials, as a value, and
// the writing. The store is only read. Whatever cannot go back stays in the store and keeps
// working: docker goes on asking for it there.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "helper/migrate/plan.h"
#include "platform/store/store.h"
#include "platform/system/config_file.h"
#include "platform/system/error.h"

namespace cred {

struct RestoreWish {
  // In any spelling. Empty: every credential that the store has or the file names, and docker is
  // told to ask us no more.
  std::vector<std::string> servers;
  bool setup_only = false;  // no credential; only that docker is told so

  // Whether the credential of `server` goes into this file although the file does not name it; all
  // do if this is empty.
  std::function<bool(const std::string& server)> goes_here = {};
};

struct RestoredEntry {
  std::string server;            // the key in the file
  std::string username;          // empty where none can be read
  std::optional<StoreId> store;  // that it comes from; nullopt: it is not written
  std::string reason;            // for people; empty if there is nothing to say
  bool is_missing = false;       // it was named, and is not stored

  [[nodiscard]] bool is_written() const { return store.has_value(); }
};

struct RestorePlan {
  SourceFile source;
  std::vector<RestoredEntry> entries;   // those already in the file left out
  std::optional<std::string> new_text;  // nullopt: the file is not to be written
  std::optional<Error> failure;         // the first of the store's others

  [[nodiscard]] std::size_t written() const;
  [[nodiscard]] std::size_t kept() const { return entries.size() - written(); }
};

// Throws Error(bad_request) for a file that is not what docker writes; its message names the file.
// Reads `store`, which may ask the user to unlock; if they refuse, or nothing answers in time, that
// failure is thrown.
[[nodiscard]] RestorePlan plan_restore(const SourceFile& source, Store& store,
                                       const RestoreWish& wish);

// Writes `file` as `plan` says, in one step; planned again, and `plan` with it, where another
// program wrote it meanwhile.
void run_restore(ConfigFile& file, RestorePlan& plan, Store& store, const RestoreWish& wish);

}  // namespace cred
