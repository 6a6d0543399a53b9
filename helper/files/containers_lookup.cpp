// SPDX-License-Identifier: MIT
#include "helper/files/containers_lookup.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"

namespace cred {
namespace {

std::string in_file(const std::string& key, const std::string& path) {
  return key + ", in " + path;
}

// Without the schemes that Go's library strips, one after the other.
std::string without_schemes(std::string key) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (key.starts_with(scheme)) key.erase(0, scheme.size());
  }
  return key;
}

// The registry that a key without an exact match stands for; nullopt if it is for images below it.
std::optional<std::string> registry_of_key(const std::string& key, bool is_dockercfg) {
  std::string rest = without_schemes(key);
  if (rest == key && !is_dockercfg && key.find('/') != std::string::npos) return std::nullopt;
  return asked_by_containers_tools(registry_of(rest));
}

}  // namespace

std::string login_of(const Credential& credential) {
  return credential.username + '\0' + std::string(credential.secret.reveal());
}

bool ImageAnswers::contains(const std::string& login) const {
  return std::ranges::find(found, login, &ImageAnswer::login) != found.end();
}

ContainersLookup::FileAnswers ContainersLookup::answer_of(const ConfigEntry& entry,
                                                          const std::string& path) {
  if (entry.auth == AuthField::none) return {.found = {}, .may_be_nothing = false, .goes_on = true};
  if (entry.auth == AuthField::broken) {
    return {.found = {}, .may_be_nothing = true, .goes_on = false};  // their search ends here
  }
  std::string where = in_file(entry.key, path);
  std::string login = entry.credential ? login_of(*entry.credential) : where;
  return {.found = {{std::move(where), std::move(login)}}};
}

void ContainersLookup::add_answer(const FileAnswers& answer, FileAnswers& answers) {
  constexpr std::size_t kMost = 16;
  answers.goes_on |= answer.goes_on;
  answers.may_be_nothing |= answer.may_be_nothing;
  for (const auto& found : answer.found) {
    const bool is_known =
        std::ranges::find(answers.found, found.login, &ImageAnswer::login) != answers.found.end();
    if (!is_known && answers.found.size() < kMost) answers.found.push_back(found);
  }
}

void ContainersLookup::add(const std::string& path, const DockerConfig& config, bool is_dockercfg) {
  File file{path, is_dockercfg, config.cred_helpers(), {}, {}};
  for (const auto& entry : config.entries()) {
    FileAnswers answer = answer_of(entry, path);
    if (const auto registry = registry_of_key(entry.key, is_dockercfg)) {
      add_answer(answer, file.by_registry[*registry]);
    }
    file.by_key.emplace(entry.key, std::move(answer));
  }
  files_.push_back(std::move(file));
}

std::vector<std::string> ContainersLookup::images() const {
  std::set<std::string> images;
  for (const auto& file : files_) {
    for (const auto& [key, answer] : file.by_key) {
      const auto registry = registry_of_key(key, file.is_dockercfg);
      images.insert(registry ? *registry : key);
      if (!registry) images.insert(registry_of(key));
    }
    for (const auto& [server, helper] : file.helpers) {
      if (server.find('/') == std::string::npos) images.insert(server);
    }
  }
  images.erase("");
  return {images.begin(), images.end()};
}

bool ContainersLookup::names_helper(const std::string& registry) const {
  return std::ranges::any_of(files_, [&](const File& file) {
    const auto named = file.helpers.find(registry);
    return named != file.helpers.end() && !is_ours(named->second);
  });
}

ImageAnswers ContainersLookup::answers(const std::string& image, const StoreAnswers& stored) const {
  ImageAnswers answers;
  for (const auto& file : files_) {
    FileAnswers found = look_in(file, image, stored);
    std::ranges::move(found.found, back_inserter(answers.found));
    answers.may_be_nothing |= found.may_be_nothing;
    if (!found.goes_on) return answers;
  }
  answers.may_be_nothing = true;
  return answers;
}

ContainersLookup::FileAnswers ContainersLookup::look_in(const File& file, const std::string& image,
                                                        const StoreAnswers& stored) {
  const std::string registry = registry_of(image);
  if (const auto named = file.helpers.find(registry); named != file.helpers.end()) {
    const std::string& helper = named->second;
    // They start a program without a name, and fail.
    if (helper.empty()) return {.found = {}, .may_be_nothing = true, .goes_on = false};
    std::string where = in_file(registry, file.path) + ", of the helper " + helper;
    if (!is_ours(helper)) return {.found = {{where, where, /*is_of_helper=*/true}}};
    const auto login = stored(registry);
    if (!login) return {.found = {}, .may_be_nothing = false, .goes_on = true};
    return {.found = {{std::move(where), login_of(*login)}}};
  }
  for (std::string key = file.is_dockercfg ? registry : image;; key.erase(key.rfind('/'))) {
    if (const auto exact = file.by_key.find(key); exact != file.by_key.end()) return exact->second;
    if (key.find('/') == std::string::npos) break;
  }
  const auto known = file.by_registry.find(asked_by_containers_tools(registry));
  if (known != file.by_registry.end()) return known->second;
  return {.found = {}, .may_be_nothing = false, .goes_on = true};
}

std::string registry_of(const std::string& image) { return image.substr(0, image.find('/')); }

}  // namespace cred
