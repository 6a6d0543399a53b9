// SPDX-License-Identifier: MIT
#include "platform/store/settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/system/accounts.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/file_status.h"
#include "platform/text/nearest.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kStoreVariable = "DOCKER_CREDENTIAL_KEYRING_STORE";
constexpr const char* kSocketUidVariable = "DOCKER_CREDENTIAL_KEYRING_SOCKET_UID";
constexpr double kLongestWait = 24.0 * 60 * 60;  // seconds; also keeps milliseconds within an int
constexpr std::uint64_t kLongestAge = std::uint64_t{10} * 366 * 24 * 60 * 60;  // seconds

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

bool read(const Json& value, std::chrono::seconds& target) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kLongestAge) return false;
  target = std::chrono::seconds(value.get<std::uint64_t>());
  return true;
}

bool read(const Json& value, std::optional<uid_t>& target) {
  target = parse_uid(value.is_string() ? value.get<std::string>() : value.dump());
  return target.has_value();
}

bool read(const Json& value, std::optional<StoreId>& target) {
  const auto* known =
      std::ranges::find_if(kStores, [&](const auto& store) { return value == store.id.text(); });
  if (known != kStores.end()) {
    target = known->id;
  } else if (value == kHomeId.text()) {
    target = kHomeId;
  } else if (value == "auto") {
    target = std::nullopt;
  } else {
    return false;
  }
  return true;
}

// "auto, keyring, vault or forward"
std::string all_store_words() {
  std::string words = "auto";
  for (const auto& store : kStores) words.append(", ").append(store.id.text());
  return words.append(" or ").append(kHomeId.text());
}

std::string file_words() { return "the path of a file, which begins with /"; }
std::string uid_words() { return "the number of a user"; }

std::optional<std::string> read_text(const std::filesystem::path& path, Settings& settings) {
  try {
    return read_file(path);
  } catch (const Error& failure) {
    settings.problems.push_back(
        {Kind::file_unreadable, std::string(failure.what()) + "; the default settings apply"});
    return std::nullopt;
  }
}

enum class Trust { everybody, owner };

// One setting.
struct Setting {
  const char* name;
  std::string takes;                                    // for people
  bool (*read)(const Json& value, Settings& settings);  // false, and nothing is set
  Trust trust = Trust::everybody;  // owner: who may write it decides what runs, or which key counts
};

// Whatever a failing read() leaves in its target, the default stays.
template <auto Member>
bool read_into(const Json& value, Settings& settings) {
  auto usable = settings.*Member;
  if (!read(value, usable)) return false;
  settings.*Member = std::move(usable);
  return true;
}

template <auto Member>
bool read_into_shared(const Json& value, Settings& settings) {
  auto usable = settings.shared.*Member;
  if (!read(value, usable)) return false;
  settings.shared.*Member = std::move(usable);
  return true;
}

const std::vector<Setting>& all_settings() {
  static const std::string file = file_words();
  static const std::vector<Setting> settings{
      {"store", all_store_words(), read_into<&Settings::store>},
      {"prompt", "auto, always or never", read_into<&Settings::prompt>},
      {"reply_timeout_s", "a number of seconds", read_into<&Settings::reply_timeout>},
      {"prompt_timeout_s", "a number of seconds", read_into<&Settings::prompt_timeout>},
      {"namespace_fallback", "true or false", read_into<&Settings::namespace_fallback>},
      {"list_names", "docker or containers", read_into<&Settings::list_names>},
      {"clevis", "the path of a program, which begins with /", read_into<&Settings::clevis>,
       Trust::owner},
      {"key_command", "a command line", read_into<&Settings::key_command>, Trust::owner},
      {"key_file", file, read_into<&Settings::key_file>, Trust::owner},
      {"vault_at", "a place, etcd://… or https://…", read_into_shared<&SharedVaultSettings::at>,
       Trust::owner},
      {"vault_id", "the id of a vault", read_into_shared<&SharedVaultSettings::id>, Trust::owner},
      {"vault_ca", file, read_into_shared<&SharedVaultSettings::ca>, Trust::owner},
      {"vault_cert", file, read_into_shared<&SharedVaultSettings::cert>, Trust::owner},
      {"vault_cert_key", file, read_into_shared<&SharedVaultSettings::cert_key>, Trust::owner},
      {"vault_password_file", file, read_into_shared<&SharedVaultSettings::password_file>,
       Trust::owner},
      {"vault_copy_max_age_s", "a whole number of seconds", read_into<&Settings::copy_max_age>},
      {"socket", file, read_into<&Settings::socket>, Trust::owner},
      {"socket_uid", uid_words(), read_into<&Settings::socket_uid>, Trust::owner}};
  return settings;
}

// Who may write the file decides what is run: the file, or its folder, that others may write.
std::optional<std::filesystem::path> open_to_others(const std::filesystem::path& path, uid_t uid) {
  for (const auto& place : {path, path.parent_path()}) {
    struct stat status = {};
    const bool is_seen = stat(place.c_str(), &status) == 0;
    const bool is_trusted = is_seen && (status.st_uid == uid || status.st_uid == 0);
    if (!is_trusted || others_can_write(status.st_mode)) return place;
  }
  return std::nullopt;
}

// Why `value` does not count for `name`, for people; nullopt if it is set.
std::optional<std::string> why_unset(const std::string& name, const Json& value,
                                     const std::optional<std::filesystem::path>& open_to,
                                     Settings& settings) {
  const auto& known = all_settings();
  const auto setting = std::ranges::find(known, name, &Setting::name);
  if (setting == known.end()) {
    std::vector<std::string> names;
    names.reserve(known.size());
    for (const auto& one : known) names.emplace_back(one.name);
    const auto meant = nearest(name, names);
    return "there is no setting \"" + name + '"' +
           (meant ? "; did you mean \"" + *meant + "\"?" : "; there are " + join(names));
  }
  if (open_to && setting->trust == Trust::owner) {
    return '"' + name + "\" does not count, because others may write " + open_to->string() +
           ": chmod go-w";
  }
  if (setting->read(value, settings)) return std::nullopt;
  return '"' + name + "\" takes " + setting->takes + "; the default applies";
}

void read_file_into(Settings& settings, const std::filesystem::path& path, uid_t uid) {
  const auto text = read_text(path, settings);
  if (!text) return;
  const Json object = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    settings.problems.push_back(
        {Kind::file_unusable, path.string() + " is not a JSON object; the default settings apply"});
    return;
  }
  const auto open_to = open_to_others(path, uid);
  for (const auto& [name, value] : object.items()) {
    if (const auto why = why_unset(name, value, open_to, settings)) {
      const std::string file = path == kSystemSettings ? path.string() : "settings.json";
      settings.problems.push_back({Kind::file_unusable, file + ": " + *why});
    }
  }
}

// `takes` is called where the value cannot be used.
template <typename Value>
void read_variable(Settings& settings, const Environment& environment, const char* variable,
                   Value& target, std::string (*takes)()) {
  const auto text = environment.get(variable);
  if (!text) return;
  auto usable = target;
  if (read(Json(*text), usable)) {
    target = std::move(usable);
  } else {
    settings.problems.push_back({Kind::variable_unusable, std::string(variable) + " takes " +
                                                              takes() + "; it counts as not set"});
  }
}

}  // namespace

void ask_nobody(Settings& settings) {
  settings.is_inside = true;
  settings.prompt = Prompting::never;
}

std::filesystem::path settings_file(const Environment& environment) {
  return environment.config_folder() / "settings.json";
}

bool has_system_settings(const Environment& environment) { return environment.uid == 0; }

Settings read_settings(const Environment& environment) {
  Settings settings;
  // Root of a user namespace alone may not be let in.
  if (has_system_settings(environment) && access(kSystemSettings, R_OK) == 0) {
    read_file_into(settings, kSystemSettings, environment.uid);
  }
  read_file_into(settings, settings_file(environment), environment.uid);
  read_variable(settings, environment, kStoreVariable, settings.store, all_store_words);
  read_variable(settings, environment, kSocketVariable, settings.socket, file_words);
  read_variable(settings, environment, kSocketUidVariable, settings.socket_uid, uid_words);
  if (environment.get(kInsideVariable)) ask_nobody(settings);
  return settings;
}

Settings read_settings(const Environment& environment, const Notes& notes) {
  Settings settings = read_settings(environment);
  for (const auto& problem : settings.problems) notes.note(problem.text);
  return settings;
}

}  // namespace cred
