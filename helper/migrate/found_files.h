// SPDX-License-Identifier: MIT
// Which files a migration is about, and which of them it may not write. Private to helper/migrate.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "helper/files/login_files.h"
#include "helper/migrate/plan.h"
#include "helper/migrate/run.h"
#include "platform/system/environment.h"

namespace cred {

struct FoundFiles {
  std::vector<LoginFile> files;
  // Of those that nobody named: what cannot be read, with the reason, for the end of the plan.
  // Docker's own stays among the files: what it says, decides.
  std::vector<PlannedFile> unreadable;
};

// `named`, or those that docker and the other tools use. Throws Error(not_found) for a named one
// that is not there, and Error(bad_request) for one that is another program's.
[[nodiscard]] FoundFiles find_files(std::span<const std::string> named,
                                    const Environment& environment);

// `refusal`: why podman, skopeo and buildah could not be told to ask us.
[[nodiscard]] std::vector<MigrationFile> open_files(std::span<const LoginFile> found,
                                                    const std::optional<Refusal>& refusal);

}  // namespace cred
