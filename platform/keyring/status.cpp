// SPDX-License-Identifier: MIT
#include "platform/keyring/status.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <string_view>
#include <utility>

#include "platform/keyring/bus/bus_service.h"
#include "platform/keyring/bus/service.h"
#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/layout.h"
#include "platform/keyring/prompter/libsecret_prompter.h"

namespace cred {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kInspectLimit(2500);  // for all questions together

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

// A keyring whose answers may take `limit` together.
class HurriedService {
 public:
  HurriedService(const std::string& bus, milliseconds limit)
      : end_(steady_clock::now() + limit), service_(open_bus_keyring(bus, limit)) {}

  KeyringService& get() {
    const auto left = std::chrono::ceil<milliseconds>(end_ - steady_clock::now());
    if (left.count() <= 0) throw Error(Errc::timed_out, "the keyring did not answer in time");
    service_->limit_replies(left);
    return *service_;
  }

 private:
  steady_clock::time_point end_;
  std::unique_ptr<KeyringService> service_;
};

void inspect_items(HurriedService& service, KeyringStatus& status) {
  if (service.get().asks_before_searching()) return;
  FoundItems found = std::move(service.get().search({{our_attributes()}}).front());
  found.unlocked.insert(found.unlocked.end(), found.locked.begin(), found.locked.end());
  for (const auto& attributes : service.get().attributes(found.unlocked)) {
    if (!attributes) continue;
    const std::string server = value_of(*attributes, "server");
    if (!server.empty()) status.items[server].push_back(value_of(*attributes, "username"));
  }
}

void inspect_service(HurriedService& service, KeyringStatus& status) {
  const Provider provider = service.get().provider();
  status.is_activatable = provider.is_activatable;
  if (!provider.is_running) return;
  status.process = provider.process;
  status.provider = provider_name(provider.process);
  if (const auto problem = libsecret_problem()) status.prompter_failure = problem->what();
  const ObjectPath collection = service.get().default_collection();
  status.has_collection = !collection.empty();
  status.is_locked = status.has_collection && service.get().is_locked(collection);
  inspect_items(service, status);
}

}  // namespace

KeyringStatus inspect_keyring(const Environment& environment, const Settings& settings) {
  KeyringStatus status;
  status.may_ask = may_ask(environment, settings.prompt);
  try {
    status.bus = find_session_bus(environment);
    HurriedService service(status.bus, std::min(kInspectLimit, settings.reply_timeout));
    inspect_service(service, status);
  } catch (const Error& failure) {
    status.failure = failure;
  }
  return status;
}

}  // namespace cred
