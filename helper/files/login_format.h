// SPDX-License-Identifier: MIT
// The formats of files with credentials, a row each: what migrate, restore and doctor have to know
// of one. A further format is a row in login_format.cpp, and a file of its own if it is not JSON
// with docker's entries.
#pragma once

#include <string>
#include <string_view>

#include "helper/files/docker_config.h"

namespace cred {

// As people read of them.
inline constexpr const char* kContainersTools = "podman, skopeo and buildah";

struct LoginFormat {
  // What migrate does with an entry whose credential is in the store.
  enum class Rewriting {
    none,    // nobody writes the file any more
    empty,   // the entry stays, which docker shows as "logged in"
    remove,  // it goes, as at logout: these tools show an entry as a credential
  };

  std::string_view file_name;  // by which such a file is known
  std::string_view reader;     // for people: "docker"

  // Throws as DockerConfig::parse() does.
  DockerConfig (*parse)(std::string text);

  // The server under which the credential of the entry `key` is stored, so that its reader is
  // answered.
  std::string (*server_in_store)(const DockerConfig& config, const std::string& key);

  // By which name its reader looks for the entry `key` in "credHelpers".
  std::string (*asked)(const std::string& key);

  Rewriting rewriting;

  // "credsStore" counts, and names us once the file is migrated.
  bool obeys_creds_store;

  // podman, skopeo and buildah read it and write it; registries.conf says whom else they ask.
  bool is_of_containers_tools;
};

extern const LoginFormat kDockerConfigFormat;  // docker's config.json
extern const LoginFormat kHelmConfigFormat;    // helm's, which is docker's in another place
extern const LoginFormat kDockercfgFormat;     // ~/.dockercfg, of docker before 1.7
extern const LoginFormat kAuthFileFormat;      // auth.json of podman, skopeo and buildah

// The format of a file of this name; docker's config.json where no other claims it.
[[nodiscard]] const LoginFormat& format_of(std::string_view file_name);

}  // namespace cred
