// SPDX-License-Identifier: MIT
#include "platform/store/settings.h"

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

// One setting: `read` returns false if it cannot use the value.
template <typename Read>
void read_member(const Json& object, const char* name, Settings& settings, Read read) {
  const auto member = object.find(name);
  if (member == object.end() || read(*member)) return;
  settings.problems.push_back(
      {Kind::file_unusable, std::string("settings.json: \"") + name +
                                "\" has a value that cannot be used; the default applies"});
}

bool read_seconds(const Json& value, milliseconds& target) {
  if (!value.is_number()) return false;
  const auto seconds = value.get<double>();
  if (!(seconds > 0 && seconds <= kLongestWait)) return false;
  target = milliseconds(static_cast<milliseconds::rep>(seconds * 1000));
  return target.count() > 0;
}

// A value that has to be one of a few words.
template <typename Target, std::size_t N>
bool read_word(const Json& value, const std::array<std::pair<const char*, Target>, N>& words,
               Target& target) {
  const auto* found =
      std::ranges::find_if(words, [&](const auto& word) { return value == word.first; });
  if (found == words.end()) return false;
  target = found->second;
  return true;
}

constexpr std::array kPromptings = {std::pair{"auto", Prompting::automatic},
                                    std::pair{"always", Prompting::always},
                                    std::pair{"never", Prompting::never}};

bool read_store(std::string_view text, std::optional<StoreId>& target) {
  const auto* known =
      std::ranges::find(kStores, text, [](const KnownStore& store) { return store.id.text(); });
  if (known == kStores.end() && text != "auto") return false;
  target = known == kStores.end() ? std::nullopt : std::optional(known->id);
  return true;
}

// "auto, keyring and vault"
std::string all_store_words() {
  std::string words = "auto";
  for (const auto& store : kStores) {
    words.append(store.id == kStores.back().id ? " and " : ", ").append(store.id.text());
  }
  return words;
}

bool read_path(const Json& value, std::filesystem::path& target) {
  if (!value.is_string()) return false;
  target = value.get<std::string>();
  return target.is_absolute();
}

bool read_flag(const Json& value, bool& target) {
  if (!value.is_boolean()) return false;
  target = value.get<bool>();
  return true;
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
  read_member(object, "store", settings, [&](const Json& value) {
    return value.is_string() && read_store(value.get<std::string>(), settings.store);
  });
  read_member(object, "clevis", settings,
              [&](const Json& value) { return read_path(value, settings.clevis); });
  read_member(object, "reply_timeout_s", settings,
              [&](const Json& value) { return read_seconds(value, settings.reply_timeout); });
  read_member(object, "prompt_timeout_s", settings,
              [&](const Json& value) { return read_seconds(value, settings.prompt_timeout); });
  read_member(object, "prompt", settings,
              [&](const Json& value) { return read_word(value, kPromptings, settings.prompt); });
  read_member(object, "namespace_fallback", settings,
              [&](const Json& value) { return read_flag(value, settings.namespace_fallback); });
}

}  // namespace

Settings read_settings(const Environment& environment) {
  Settings settings;
  read_file_into(settings, environment);
  const auto store = environment.get(kStoreVariable);
  if (store && !read_store(*store, settings.store)) {
    settings.problems.push_back({Kind::variable_unusable, std::string(kStoreVariable) +
                                                              " is none of " + all_store_words() +
                                                              "; it counts as not set"});
  }
  return settings;
}

Settings read_settings(const Environment& environment, const Notes& notes) {
  Settings settings = read_settings(environment);
  for (const auto& problem : settings.problems) notes.note(problem.text);
  return settings;
}

}  // namespace cred
