// SPDX-License-Identifier: MIT
// What the files of all accounts of this machine mean for whom podman, skopeo and buildah are to
// ask by a list for everybody. Private to helper/migrate.
#pragma once

#include <filesystem>
#include <set>

#include "helper/migrate/files_needs.h"

namespace cred {

// Adds them to `needs`, but for the files `seen`. Each file is read as its owner, for they may have
// put anything there; one that cannot be read so is named, and the files are asked because of it.
void add_needs_of_accounts(const std::set<std::filesystem::path>& seen, FilesNeeds& needs);

}  // namespace cred
