// SPDX-License-Identifier: MIT
#include "helper/restore/destinations.h"

#include <algorithm>
#include <utility>

#include "helper/servers/server_address.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

using std::filesystem::path;

// What is known of the usual files is known of them by their path.
LoginFile file_at(const path& file, const std::vector<LoginFile>& usual) {
  const auto known = std::ranges::find(usual, file, &LoginFile::path);
  return known == usual.end() ? login_file_at(file) : *known;
}

}  // namespace

Destinations::Destinations(const Environment& environment, const ServerIndex& index) {
  const LoginFile lasting = lasting_auth_file(environment);
  std::vector<LoginFile> usual{concerns_docker(environment) ? docker_files(environment).front()
                                                            : lasting};
  std::ranges::copy(helm_files(environment), back_inserter(usual));
  for (const auto& file : usual) add(file);  // those that may name us
  std::ranges::copy(containers_files(environment), back_inserter(usual));
  for (const auto& store : kStores) {
    for (const auto& server : index.servers(store.id)) positions_[server] = 0;
  }
  for (const auto& [server, origin] : index.origins()) {
    const path file(origin);
    if (!file.is_absolute()) continue;
    if (is_in_runtime_folder(environment, file)) {
      positions_[server] = add(lasting);
      lost_files_[server] = file;
    } else if (file == lasting.path || file == usual.front().path ||
               !is_absent(file.parent_path())) {
      positions_[server] = add(file_at(file, usual));
    }
  }
}

std::size_t Destinations::add(const LoginFile& file) {
  const auto is_it = [&](const LoginFile& other) { return is_same_file(other.path, file.path); };
  const auto known = std::ranges::find_if(files_, is_it);
  if (known == files_.end()) files_.push_back(file);
  return static_cast<std::size_t>(std::ranges::find_if(files_, is_it) - files_.begin());
}

const LoginFile& Destinations::of(const std::string& server) const {
  auto known = positions_.find(server);
  if (known == positions_.end()) {
    known = std::ranges::find_if(
        positions_, [&](const auto& other) { return same_registry(other.first, server); });
  }
  return files_[known == positions_.end() ? 0 : known->second];
}

std::optional<path> Destinations::lost_file(const std::string& server) const {
  const auto lost = lost_files_.find(server);
  return lost == lost_files_.end() ? std::nullopt : std::optional(lost->second);
}

}  // namespace cred
