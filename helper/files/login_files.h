// SPDX-License-Identifier: MIT
// Where the credentials of docker and of its family lie on a machine. Reads no file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "helper/files/login_format.h"
#include "platform/system/environment.h"

namespace cred {

struct LoginFile {
  std::filesystem::path path;
  const LoginFormat* format = &kDockerConfigFormat;
  bool is_volatile = false;  // in the runtime folder, which goes at logout or with the machine
};

// A file that was named by its path, by its name: a folder stands for the config.json in it.
[[nodiscard]] LoginFile login_file_at(const std::filesystem::path& given);

// What is wrong with $DOCKER_CONFIG where it is no folder and cannot have been meant so: the name
// of a file, or `~` or `$HOME` that no shell has replaced.
struct MistakenFolder {
  std::string reason;
  std::filesystem::path meant;  // the folder
};
[[nodiscard]] std::optional<MistakenFolder> find_mistaken_folder(const Environment& environment);

// The folder of docker's configuration: $DOCKER_CONFIG, else ~/.docker. Throws Error(bad_request)
// for find_mistaken_folder(), as do the functions below that go by it.
[[nodiscard]] std::filesystem::path docker_folder(const Environment& environment);

// The config.json that docker reads and writes, which need not be there; and ~/.dockercfg where it
// is.
[[nodiscard]] std::vector<LoginFile> docker_files(const Environment& environment);

// The config.json of docker's snap, which need not be there, and is left alone.
[[nodiscard]] std::filesystem::path snap_file(const Environment& environment);

// Whether `file` is a config.json of docker's snap, whatever path and links lead to it.
[[nodiscard]] bool is_of_snap(const std::filesystem::path& file);

// Helm's files that are there and none of docker's, the one of today first: helm reads docker's as
// well, where its own has no credential.
[[nodiscard]] std::vector<LoginFile> helm_files(const Environment& environment);

// The files of podman, skopeo and buildah that are there, or cannot be seen where one of these
// tools is installed, as these tools come to them: $REGISTRY_AUTH_FILE, that of the runtime folder,
// into which a credential goes, and the lasting one. They read docker's files as well. One that is
// docker's config.json is left to docker_files().
[[nodiscard]] std::vector<LoginFile> containers_files(const Environment& environment);

// All that these tools read, in their order: the file into which they write, the lasting one, and
// docker's. One may be named twice, and none need be there.
[[nodiscard]] std::vector<LoginFile> read_by_containers_tools(const Environment& environment);

// All of the above, but for the snap's; docker's config.json is the first.
[[nodiscard]] std::vector<LoginFile> usual_login_files(const Environment& environment);

// The auth.json of these tools that outlives the session. It need not be there.
[[nodiscard]] LoginFile lasting_auth_file(const Environment& environment);

// Whether `file` goes when the session or the machine ends.
[[nodiscard]] bool is_in_runtime_folder(const Environment& environment,
                                        const std::filesystem::path& file);

// Whether docker is on PATH or in `usual_folder`, or its folder is there.
[[nodiscard]] bool uses_docker(const Environment& environment,
                               const std::filesystem::path& usual_folder = "/usr/bin");

// Whether docker's config.json is a place for logins of this account: docker is used, or none of
// its family is.
[[nodiscard]] bool concerns_docker(const Environment& environment);

// Whether people would miss docker: it concerns this account, and is used, or this is no node of a
// cluster, below `root`.
[[nodiscard]] bool expects_docker(const Environment& environment,
                                  const std::filesystem::path& root = "/");

// Whether podman, skopeo or buildah is on PATH or in `usual_folder`, or has left a file with
// credentials.
[[nodiscard]] bool uses_containers_tools(const Environment& environment,
                                         const std::filesystem::path& usual_folder = "/usr/bin");

}  // namespace cred
