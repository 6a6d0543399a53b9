// SPDX-License-Identifier: MIT
#include "platform/system/environment.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <system_error>

#include "platform/system/error.h"

namespace cred {
namespace {

// A relative value is ignored: what lies in the working folder is found by nobody again.
std::optional<std::filesystem::path> absolute(const Environment& environment,
                                              std::string_view variable) {
  const auto value = environment.get(variable);
  return value && value->front() == '/' ? std::optional<std::filesystem::path>(*value)
                                        : std::nullopt;
}

std::filesystem::path xdg_folder(const Environment& environment, std::string_view variable,
                                 std::string_view below_home) {
  if (auto value = absolute(environment, variable)) return *value;
  return environment.home() / below_home;
}

// Whose `place` is, or would be: the owner of the nearest part of it that is there.
uid_t owner_of(std::filesystem::path place) {
  std::error_code failed;
  place = std::filesystem::absolute(place, failed);  // it is left relative where the folder is gone
  struct stat status = {};
  while (stat(place.c_str(), &status) != 0) {
    if (!place.has_relative_path()) return 0;
    place = place.parent_path();
  }
  return status.st_uid;
}

void find_foreign(Environment& environment, const Notes& notes) {
  constexpr std::array kOurPlaces{"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME",
                                  "XDG_RUNTIME_DIR"};
  constexpr std::array kLoginFiles{"DOCKER_CONFIG", "REGISTRY_AUTH_FILE"};
  const auto find = [&](const char* name) {
    const auto place = environment.get(name);
    const uid_t owner = place ? owner_of(*place) : 0;
    if (owner != 0) environment.foreign.push_back({name, *place, owner});
    return owner != 0;
  };
  for (const char* name : kLoginFiles) find(name);
  for (const char* name : kOurPlaces) {
    if (!find(name)) continue;
    environment.variables.erase(name);
    notes.note(name, " is the folder of another user, and root's is used");
  }
}

}  // namespace

std::vector<std::string> texts_of(const Variables& variables) {
  std::vector<std::string> texts;
  texts.reserve(variables.size());
  for (const auto& [name, value] : variables) {
    texts.push_back(std::string(name).append("=").append(value));
  }
  return texts;
}

Environment Environment::of_process(const Notes& notes) {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  environment.uid = geteuid();
  if (environment.uid == 0) find_foreign(environment, notes);
  // Asking the account database can load name service modules, so only who needs it pays.
  if (!absolute(environment, "HOME")) {
    if (const passwd* account = getpwuid(environment.uid))
      environment.account_home = account->pw_dir;
  }
  return environment;
}

std::optional<std::string> Environment::get(std::string_view name) const {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

bool Environment::has_home() const { return absolute(*this, "HOME") || account_home.is_absolute(); }

std::filesystem::path Environment::home() const {
  if (auto home = absolute(*this, "HOME")) return *home;
  if (has_home()) return account_home;
  throw Error(Errc::io,
              "this user, " + std::to_string(uid) +
                  ", has no home folder; set HOME to the whole path of a folder of theirs");
}

std::filesystem::path Environment::config_folder() const { return config_home() / kProgram; }

std::filesystem::path Environment::state_folder() const {
  return xdg_folder(*this, "XDG_STATE_HOME", ".local/state") / kProgram;
}

std::filesystem::path Environment::config_home() const {
  return xdg_folder(*this, "XDG_CONFIG_HOME", ".config");
}

std::filesystem::path Environment::data_home() const {
  return xdg_folder(*this, "XDG_DATA_HOME", ".local/share");
}

std::filesystem::path Environment::runtime_folder() const {
  if (auto folder = absolute(*this, "XDG_RUNTIME_DIR")) return *folder;
  return "/run/user/" + std::to_string(uid);
}

std::filesystem::path runtime_file(const std::filesystem::path& runtime_folder,
                                   std::string_view name) {
  return runtime_folder / ("docker-credential-keyring." + std::string(name));
}

}  // namespace cred
