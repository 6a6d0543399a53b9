// SPDX-License-Identifier: MIT
#include "platform/store/settings.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kStoreVariable = "DOCKER_CREDENTIAL_KEYRING_STORE";
constexpr double kLongestWait = 24.0 * 60 * 60;  // seconds; also keeps milliseconds within an int

using Kind = SettingsProblem::Kind;

// Each returns false if `value` cannot be used, whatever it leaves in `target`.

bool read(const Json& value, bool& target) {
  if (!value.is_boolean()) return false;
  target = value.get<bool>();
  return true;
}

bool read(const Json& value, milliseconds& target) {
  if (!value.is_number()) return false;
  const auto seconds = value.get<double>();
  if (!(seconds > 0 && seconds <= kLongestWait)) return false;
  target = milliseconds(static_cast<milliseconds::rep>(seconds * 1000));
  return target.count() > 0;
}

template <typename Target, std::size_t Size>
bool read_word(const Json& value, const std::array<std::pair<const char*, Target>, Size>& words,
               Target& target) {
  const auto* found =
      std::ranges::find_if(words, [&](const auto& word) { return value == word.first; });
  if (found == words.end()) return false;
  target = found->second;
  return true;
}

bool read(const Json& value, Prompting& target) {
  return read_word(
      value,
      std::array{std::pair{"auto", Prompting::automatic}, std::pair{"always", Prompting::always},
                 std::pair{"never", Prompting::never}},
      target);
}

bool read(const Json& value, ListNames& target) {
  return read_word(value,
                   std::array{std::pair{"docker", ListNames::docker},
                              std::pair{"containers", ListNames::containers}},
                   target);
}

bool read(const Json& value, std::filesystem::path& target) {
  if (!value.is_string()) return false;
  target = value.get<std::string>();
  return target.is_absolute();
}

bool read(const Json& value, std::string& target) {
  if (!value.is_string()) return false;
  target = value.get<std::string>();
  return !target.empty();
}

bool read(const Json& value, std::optional<StoreId>& target) {
  const auto* known =
      std::ranges::find_if(kStores, [&](const auto& store) { return value == store.id.text(); });
  if (known == kStores.end() && value != "auto") return false;
  target = known == kStores.end() ? std::nullopt : std::optional(known->id);
  return true;
}

// One setting.
template <typename Target>
void read_member(const Json& object, const char* name, Settings& settings, Target& target) {
  const auto member = object.find(name);
  if (member == object.end()) return;
  Target usable = target;
  if (read(*member, usable)) {
    target = usable;
    return;
  }
  settings.problems.push_back(
      {Kind::file_unusable, std::string("settings.json: \"") + name +
                                "\" has a value that cannot be used; the default applies"});
}

// "auto, keyring and vault"
std::string all_store_words() {
  std::string words = "auto";
  for (const auto& store : kStores) {
    words.append(store.id == kStores.back().id ? " and " : ", ").append(store.id.text());
  }
  return words;
}

std::optional<std::string> read_text(const std::filesystem::path& path, Settings& settings) {
  try {
    return read_file(path);
  } catch (const Error& failure) {
    settings.problems.push_back(
        {Kind::file_unreadable, std::string(failure.what()) + "; the default settings apply"});
    return std::nullopt;
  }
}

// Who may write the file decides what is run.
bool others_may_write(const std::filesystem::path& path, uid_t uid) {
  for (const auto& place : {path, path.parent_path()}) {
    struct stat status = {};
    if (stat(place.c_str(), &status) != 0) return true;
    if (status.st_uid != uid && status.st_uid != 0) return true;
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return true;
  }
  return false;
}

void read_file_into(Settings& settings, const Environment& environment) {
  const auto path = environment.config_folder() / "settings.json";
  const auto text = read_text(path, settings);
  if (!text) return;
  const Json object = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    settings.problems.push_back(
        {Kind::file_unusable, path.string() + " is not a JSON object; the default settings apply"});
    return;
  }
  read_member(object, "store", settings, settings.store);
  read_member(object, "clevis", settings, settings.clevis);
  read_member(object, "reply_timeout_s", settings, settings.reply_timeout);
  read_member(object, "prompt_timeout_s", settings, settings.prompt_timeout);
  read_member(object, "prompt", settings, settings.prompt);
  read_member(object, "namespace_fallback", settings, settings.namespace_fallback);
  read_member(object, "list_names", settings, settings.list_names);
  read_member(object, "key_command", settings, settings.key_command);
  if (!settings.key_command.empty() && others_may_write(path, environment.uid)) {
    settings.key_command.clear();
    settings.problems.push_back(
        {Kind::file_unusable, path.string() + ": \"key_command\" does not count, because "
                                              "others may write this file: chmod 600"});
  }
}

}  // namespace

Settings read_settings(const Environment& environment) {
  Settings settings;
  read_file_into(settings, environment);
  const auto store = environment.get(kStoreVariable);
  if (store && !read(*store, settings.store)) {
    settings.problems.push_back({Kind::variable_unusable, std::string(kStoreVariable) +
                                                              " is none of " + all_store_words() +
                                                              "; it counts as not set"});
  }
  if (environment.get(kInsideVariable)) {
    settings.is_inside = true;
    settings.prompt = Prompting::never;
  }
  return settings;
}

Settings read_settings(const Environment& environment, const Notes& notes) {
  Settings settings = read_settings(environment);
  for (const auto& problem : settings.problems) notes.note(problem.text);
  return settings;
}

}  // namespace cred
