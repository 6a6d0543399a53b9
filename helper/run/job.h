// SPDX-License-Identifier: MIT
// The surroundings of a job: a vault, its key, an index and the files of docker and its family, in
// a folder in memory. No store, index or credential of the home is read or written; docker's
// contexts, plugins and builders are those of the home.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "platform/store/store.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

struct Job {
  Environment environment;  // of the command, and of what is stored for it
};

// Makes all of it in `folder`, which is empty, and stores `credentials`. Throws Error.
[[nodiscard]] Job prepare_job(const std::filesystem::path& folder,
                              std::span<const Credential> credentials,
                              const Environment& environment, const Notes& notes);

// docker's config.json for it: what `text`, that of the user, says of other things than
// credentials. Pure. Throws Error(bad_request) if it is no JSON object.
[[nodiscard]] std::string job_config(const std::string& text);

// auth.json for podman, skopeo and buildah, who are to ask us for these servers. Pure.
[[nodiscard]] std::string job_auth_file(std::span<const Credential> credentials);

}  // namespace cred
