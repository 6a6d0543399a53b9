// SPDX-License-Identifier: MIT
#include "helper/files/containers_lookup.h"

#include <set>
#include <string>
#include <utility>

#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"

namespace cred {
namespace {

std::string in_file(const std::string& key, const std::string& path) {
  return key + ", in " + path;
}

// Whether only images below it get what is under `key`, whatever stands behind the slash.
bool is_below_registry(const std::string& key) {
  return key.find('/') != std::string::npos && !key.starts_with("http://") &&
         !key.starts_with("https://");
}

// Adds what the entry gives; whether the search goes on in the next file. It ends at an entry that
// these tools cannot read.
bool take(const ConfigEntry& entry, const std::string& path, ImageAnswers& answers) {
  if (entry.auth == AuthField::none) return true;
  if (entry.auth == AuthField::broken) {
    answers.may_be_nothing = true;
    return false;
  }
  ImageAnswer answer{in_file(entry.key, path), std::nullopt, in_file(entry.key, path)};
  if (entry.credential) answer.login = copy(*entry.credential);
  answers.found.push_back(std::move(answer));
  return false;
}

// The same for a helper that the file names. One without a name cannot be started, and ends it too.
bool ask(const std::string& helper, std::string where, std::optional<Credential> stored,
         ImageAnswers& answers) {
  if (helper.empty()) {
    answers.may_be_nothing = true;
    return false;
  }
  if (!is_ours(helper)) {
    answers.found.push_back({std::move(where), std::nullopt, "the helper " + helper});
    return false;
  }
  if (!stored) return true;
  answers.found.push_back({std::move(where), std::move(stored), ""});
  return false;
}

}  // namespace

bool is_same_answer(const ImageAnswer& a, const ImageAnswer& b) {
  if (a.login && b.login) return same_credential(*a.login, *b.login);
  return !a.login && !b.login && a.origin == b.origin;
}

void ContainersLookup::add(const std::string& path, DockerConfig config, bool is_dockercfg) {
  File file{path, std::move(config), is_dockercfg, {}, {}};
  const auto& entries = file.config.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& key = entries[i].key;
    file.by_key.emplace(key, i);
    if (is_dockercfg || !is_below_registry(key)) {
      file.by_registry.emplace(asked_by_containers_tools(key), i);
    }
  }
  files_.push_back(std::move(file));
}

std::vector<std::string> ContainersLookup::images() const {
  std::set<std::string> images;
  for (const auto& file : files_) {
    for (const auto& entry : file.config.entries()) {
      images.insert(asked_by_containers_tools(entry.key));
      if (is_below_registry(entry.key)) images.insert(entry.key);
    }
    for (const auto& [server, helper] : file.config.cred_helpers()) images.insert(server);
  }
  return {images.begin(), images.end()};
}

ImageAnswers ContainersLookup::answers(const std::string& image, const StoreAnswers& stored) const {
  ImageAnswers answers;
  for (const auto& file : files_) {
    if (!look_in(file, image, stored, answers)) return answers;
  }
  answers.may_be_nothing = true;
  return answers;
}

bool ContainersLookup::look_in(const File& file, const std::string& image,
                               const StoreAnswers& stored, ImageAnswers& answers) {
  const std::string registry = registry_of(image);
  const auto& helpers = file.config.cred_helpers();
  if (const auto helper = helpers.find(registry); helper != helpers.end()) {
    return ask(helper->second, in_file(registry, file.path), stored(registry), answers);
  }
  const auto& entries = file.config.entries();
  for (std::string key = file.is_dockercfg ? registry : image;; key.erase(key.rfind('/'))) {
    const auto exact = file.by_key.find(key);
    if (exact != file.by_key.end()) return take(entries[exact->second], file.path, answers);
    if (key.find('/') == std::string::npos) break;
  }
  const auto [first, last] = file.by_registry.equal_range(asked_by_containers_tools(registry));
  bool goes_on = first == last;
  for (auto each = first; each != last; ++each) {
    goes_on |= take(entries[each->second], file.path, answers);
  }
  return goes_on;
}

std::string registry_of(const std::string& image) { return image.substr(0, image.find('/')); }

}  // namespace cred
