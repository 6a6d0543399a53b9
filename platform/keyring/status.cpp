// SPDX-License-Identifier: MIT
#include "platform/keyring/status.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <string_view>
#include <utility>

#include "platform/keyring/bus/bus_error.h"
#include "platform/keyring/bus/service.h"
#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/layout.h"
#include "platform/keyring/prompter/libsecret_prompter.h"
#include "platform/system/file.h"

namespace cred {
namespace {

constexpr std::chrono::milliseconds kInspectLimit(2500);  // for all questions together

// As the kernel calls a program, which cuts a name off after 15 characters.
constexpr std::array kProviders = {
    std::pair{"gnome-keyring-d", "gnome-keyring"}, std::pair{"keepassxc", "KeePassXC"},
    std::pair{"kwalletd5", "KWallet"}, std::pair{"kwalletd6", "KWallet"},
    std::pair{"ksecretd", "KWallet"}};

// gnome-keyring has a capability, so the kernel hides the path of its program, but not its name.
std::string provider_name(std::uint32_t process) {
  std::string name;
  if (process != 0) std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
  if (name.empty()) return "a keyring of unknown name";
  const auto* known =
      std::ranges::find(kProviders, name, [](const auto& row) { return row.first; });
  return known == kProviders.end() ? name : known->second;
}

// The keyring, for one question more: all of them have one limit together.
using HurriedService = std::function<KeyringService&()>;

void inspect_items(const HurriedService& service, KeyringStatus& status) {
  if (service().asks_before_searching()) return;
  FoundItems found = std::move(service().search({{our_attributes()}}).front());
  found.unlocked.insert(found.unlocked.end(), found.locked.begin(), found.locked.end());
  for (const auto& attributes : service().attributes(found.unlocked)) {
    if (!attributes) continue;
    const std::string server = value_of(*attributes, "server");
    if (!server.empty()) status.items[server].push_back(value_of(*attributes, "username"));
  }
}

void inspect_service(const HurriedService& service, KeyringStatus& status) {
  const Provider provider = service().provider();
  status.is_activatable = provider.is_activatable;
  if (!provider.is_running) return;
  status.process = provider.process;
  status.provider = provider_name(provider.process);
  if (const auto problem = libsecret_problem()) status.prompter_failure = problem->what();
  const ObjectPath collection = service().default_collection();
  status.has_collection = !collection.empty();
  status.is_locked = status.has_collection && service().is_locked(collection);
  inspect_items(service, status);
}

}  // namespace

KeyringStatus inspect_keyring(const Environment& environment, const Settings& settings) {
  KeyringStatus status;
  status.may_ask = may_ask(environment, settings.prompt);
  try {
    status.bus = find_session_bus(environment);
    const auto limit = std::min(kInspectLimit, settings.reply_timeout);
    const auto end = std::chrono::steady_clock::now() + limit;
    const auto service = open_bus_keyring(status.bus, limit);
    const auto hurried = [&]() -> KeyringService& {
      service->limit_replies(left_until(end));
      return *service;
    };
    inspect_service(hurried, status);
  } catch (const Error& failure) {
    status.failure = failure;
  }
  return status;
}

bool has_keyring() { return speaks_to_a_bus(); }

bool may_ask(const Environment& environment, Prompting prompting) {
  if (prompting != Prompting::automatic) return prompting == Prompting::always;
  const bool display = environment.get("DISPLAY") || environment.get("WAYLAND_DISPLAY");
  const bool remote = environment.get("SSH_CONNECTION") || environment.get("SSH_CLIENT") ||
                      environment.get("SSH_TTY");
  return display && !remote;
}

bool has_keyring_files(const Environment& environment) {
  const auto has = [&](const char* folder, std::string_view extension) {
    return std::ranges::any_of(
        list_folder(environment.data_home() / folder), [&](const auto& file) {
          std::error_code failed;
          return file.extension() == extension && file_size(file, failed) > 0 && !failed;
        });
  };
  return has("keyrings", ".keyring") || has("keyrings/v1", ".keyring") || has("kwalletd", ".kwl");
}

std::vector<std::filesystem::path> find_unprotected_keyrings(const Environment& environment) {
  constexpr std::string_view kInClear = "[keyring]";  // an encrypted one begins "GnomeKeyring"
  std::vector<std::filesystem::path> found;
  for (const auto& file : list_folder(environment.data_home() / "keyrings")) {
    std::error_code failed;
    if (file.extension() != ".keyring" || !is_regular_file(file, failed)) continue;
    std::string start(kInClear.size(), '\0');
    std::ifstream(file, std::ios::binary)
        .read(start.data(), static_cast<std::streamsize>(start.size()));
    if (start == kInClear) found.push_back(file);
  }
  return found;
}

}  // namespace cred
