// SPDX-License-Identifier: MIT
// How podman, skopeo and buildah find a login in files: file by file, by the name of the image and
// by each shorter part of it down to the registry, else under any key of the registry; one at
// random, where there are several. Reads no file.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "helper/files/docker_config.h"
#include "platform/store/store.h"

namespace cred {

// What the store gives for a host.
using StoreAnswers = std::function<std::optional<Credential>(const std::string& host)>;

// What may be found for an image.
struct ImageAnswer {
  std::string where;          // for people: "h.example, in /home/ada/.docker/config.json"
  std::string login;          // tells it from others: holds a secret
  bool is_of_helper = false;  // another one's than ours
};

// The login of a credential, as an answer.
[[nodiscard]] std::string login_of(const Credential& credential);

// All that may be found, as the walk through a map is at random: at most 16 of one file.
struct ImageAnswers {
  std::vector<ImageAnswer> found;
  bool may_be_nothing = false;

  [[nodiscard]] bool contains(const std::string& login) const;
};

class ContainersLookup {
 public:
  // In the order in which the files are read. ~/.dockercfg knows no parts of registries.
  void add(const std::string& path, const DockerConfig& config, bool is_dockercfg);

  // Hosts, and parts of registries: each image gets what the longest of these that it begins with
  // gets.
  [[nodiscard]] std::vector<std::string> images() const;

  // Whether a file names another helper than ours for `registry`.
  [[nodiscard]] bool names_helper(const std::string& registry) const;

  // What the files give for `image`, where our helper answers with `stored`.
  [[nodiscard]] ImageAnswers answers(const std::string& image, const StoreAnswers& stored) const;

 private:
  // Of a file, and whether the next one may be read as well.
  struct FileAnswers {
    std::vector<ImageAnswer> found;
    bool may_be_nothing = false;
    bool goes_on = false;
  };
  struct File {
    std::string path;
    bool is_dockercfg;
    std::map<std::string, std::string> helpers;  // by registry
    std::map<std::string, FileAnswers> by_key;
    std::map<std::string, FileAnswers> by_registry;
  };

  [[nodiscard]] static FileAnswers answer_of(const ConfigEntry& entry, const std::string& path);
  static void add_answer(const FileAnswers& answer, FileAnswers& answers);
  [[nodiscard]] static FileAnswers look_in(const File& file, const std::string& image,
                                           const StoreAnswers& stored);

  std::vector<File> files_;
};

// The registry of an image: what stands before the first slash.
[[nodiscard]] std::string registry_of(const std::string& image);

}  // namespace cred
