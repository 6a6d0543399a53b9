// SPDX-License-Identifier: MIT
// Into which file a restore gives each credential back: the one that it came from, as the index has
// it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "helper/files/login_files.h"
#include "platform/store/server_index.h"
#include "platform/system/environment.h"

namespace cred {

class Destinations {
 public:
  // Where its file is not known, or the folder of it is gone, a credential goes into docker's
  // config.json; where docker is not used, into the auth.json of podman, skopeo and buildah. What
  // came from the runtime folder goes there too: that file outlives the session.
  Destinations(const Environment& environment, const ServerIndex& index);

  // All go into `only`.
  explicit Destinations(LoginFile only) : files_{std::move(only)} {}

  // Each at most once; docker's own comes first, unless docker is not used. Helm's is among them,
  // for it may tell helm to ask us.
  [[nodiscard]] const std::vector<LoginFile>& files() const { return files_; }

  // One of files(), for the credential of `server` in whichever spelling.
  [[nodiscard]] const LoginFile& of(const std::string& server) const;

  // The file in the runtime folder that the credential stored under `server` came from; nullopt if
  // it came from elsewhere.
  [[nodiscard]] std::optional<std::filesystem::path> lost_file(const std::string& server) const;

 private:
  std::size_t add(const LoginFile& file);

  std::vector<LoginFile> files_;
  std::map<std::string, std::size_t> positions_;  // server → files_
  std::map<std::string, std::filesystem::path> lost_files_;
};

}  // namespace cred
