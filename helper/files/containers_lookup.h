// SPDX-License-Identifier: MIT
// How podman, skopeo and buildah find a login in files: file by file, by the name of the image and
// by each shorter part of it down to the registry, else under any key of the registry; one at
// random, where there are several. Reads no file.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helper/files/docker_config.h"
#include "platform/store/store.h"

namespace cred {

// What the store gives for a host.
using StoreAnswers = std::function<std::optional<Credential>(const std::string& host)>;

// What may be found for an image.
struct ImageAnswer {
  std::string where;                // for people: "h.example, in /home/ada/.docker/config.json"
  std::optional<Credential> login;  // nullopt: of another helper, or one that no helper can hold
  std::string origin;               // that helper's name, or `where` that login stands
};

// Whether these tools get the same by both.
[[nodiscard]] bool is_same_answer(const ImageAnswer& a, const ImageAnswer& b);

// All that may be found, as the walk through a map is at random.
struct ImageAnswers {
  std::vector<ImageAnswer> found;
  bool may_be_nothing = false;
};

class ContainersLookup {
 public:
  // In the order in which the files are read. ~/.dockercfg knows no parts of registries.
  void add(const std::string& path, DockerConfig config, bool is_dockercfg);

  // Hosts, and parts of registries: each image gets what the longest of these that it begins with
  // gets.
  [[nodiscard]] std::vector<std::string> images() const;

  // What the files give for `image`, where our helper answers with `stored`.
  [[nodiscard]] ImageAnswers answers(const std::string& image, const StoreAnswers& stored) const;

 private:
  struct File {
    std::string path;
    DockerConfig config;
    bool is_dockercfg;
    std::map<std::string, std::size_t, std::less<>> by_key;  // → config.entries()
    std::multimap<std::string, std::size_t, std::less<>> by_registry;
  };

  // Adds to `answers`; whether the next file may be read as well.
  [[nodiscard]] static bool look_in(const File& file, const std::string& image,
                                    const StoreAnswers& stored, ImageAnswers& answers);

  std::vector<File> files_;
};

// The registry of an image: what stands before the first slash.
[[nodiscard]] std::string registry_of(const std::string& image);

}  // namespace cred
