// SPDX-License-Identifier: MIT
// How podman, skopeo and buildah come to ask us: by a drop-in for registries.conf. A migration
// writes it in two steps, so that every credential works at every moment: before the first file is
// rewritten, one that names us behind all others; at the end, one that names us first, and the
// files only if they are needed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "helper/files/registries_conf.h"
#include "helper/migrate/files_needs.h"
#include "helper/migrate/plan.h"
#include "platform/store/store.h"
#include "platform/system/environment.h"

namespace cred {

// Our drop-in in the user's or the system's folder, and the lists that are read beside it.
class DropIn {
 public:
  // Reads. Where the drop-in could not work, why_not() says so, and it is never written.
  DropIn(const RegistriesConfFolders& folders, const std::filesystem::path& folder);

  [[nodiscard]] const std::optional<Refusal>& why_not() const { return why_not_; }

  // What settle() would write or has written, and what is to be said of it.
  [[nodiscard]] PlannedDropIn planned(const FilesNeeds& needs) const;

  // Has us asked behind everybody that is asked now, unless we are asked already.
  void widen();

  // Has nobody asked behind us but helpers that others have set up, and the files if they are
  // needed. Files that were asked first stay first, where we would answer with other logins.
  void settle(const FilesNeeds& needs);

  // Puts back what was there at first.
  void undo();

 private:
  [[nodiscard]] bool decides() const { return !why_not_ && !later_; }
  [[nodiscard]] bool keeps_files_first(const FilesNeeds& needs) const;
  [[nodiscard]] std::vector<std::string> list(const FilesNeeds& needs) const;
  [[nodiscard]] std::vector<std::string> list_behind() const;
  [[nodiscard]] bool says(const std::optional<std::string>& text,
                          const std::vector<std::string>& helpers) const;
  void read(const RegistriesConfFolders& folders);
  void write(const std::vector<std::string>& helpers);

  std::filesystem::path file_;
  bool is_public_;                     // of the system, not of a user
  std::optional<std::string> before_;  // its text at first
  std::optional<std::string> now_;     // its text
  std::vector<std::string> asked_;     // whom the tools asked at first
  std::vector<HelperList> others_;     // the lists in other files
  std::optional<HelperList> later_;    // of these, one that is read after ours, and names us too
  std::optional<Refusal> why_not_;
};

// Removes our drop-in from the user's or the system's folder. False: there was none, or another's.
bool remove_drop_in(const std::filesystem::path& folder);

// The part of a migration that concerns these tools: used where they are installed or have files.
class ContainersSetup {
 public:
  // `for_everybody`: in the system's folder, for all accounts of this machine.
  ContainersSetup(const Environment& environment, bool for_everybody);

  // Why no credential may leave this account's files that only these tools read.
  [[nodiscard]] const std::optional<Refusal>& why_not() const { return why_not_; }

  // The first step, and its reversal in a migration that failed before it changed any file.
  void before_rewriting() { drop_in_.widen(); }
  void undo() { drop_in_.undo(); }

  // What finish() would do.
  [[nodiscard]] PlannedDropIn foresee(const MigrationPlan& plan, Store& store) const;

  // The second step. Does not throw: where it fails, the files are asked too, which is said.
  [[nodiscard]] PlannedDropIn finish(const MigrationPlan& plan, Store& store);

 private:
  [[nodiscard]] FilesNeeds needs_after(const MigrationPlan& plan, Store& store) const;
  [[nodiscard]] PlannedDropIn planned(const FilesNeeds& needs) const;

  const Environment& environment_;
  RegistriesConfFolders folders_;
  bool for_everybody_;
  DropIn drop_in_;
  std::optional<Refusal> why_not_;
};

}  // namespace cred
