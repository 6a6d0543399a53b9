// SPDX-License-Identifier: MIT
// What the files of credentials that stay mean for whom podman, skopeo and buildah are to ask.
// Pure. Private to helper/migrate.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "helper/files/containers_lookup.h"
#include "helper/files/login_format.h"

namespace cred {

// A file that these tools read: its text before a migration, and after it. nullopt: there is none.
struct FileOfTools {
  std::string path;
  const LoginFormat* format;
  std::optional<std::string> before, after;
};

// Each item is for people.
struct FilesNeeds {
  std::vector<std::string> files_alone;      // what only the files can answer
  std::vector<std::string> hidden;           // logins that are not found where we are asked first
  std::vector<std::string> hidden_by_files;  // and where the files are asked first
  std::vector<std::string> lost;             // and in neither case
  std::vector<std::string> out_of_reach;     // of --system: accounts that do not read the drop-in
};

// `files` are all that these tools read, in their order; `answers` is the store after the
// migration. A file that nobody can parse says nothing.
[[nodiscard]] FilesNeeds needs_of(std::span<const FileOfTools> files, const StoreAnswers& answers);

}  // namespace cred
