// SPDX-License-Identifier: MIT
#include "helper/migrate/gone_helper.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"
#include "platform/helper_store.h"
#include "platform/system/process.h"

namespace cred {
namespace {

class NoStore final : public Store {
 public:
  explicit NoStore(std::string name) : name_(std::move(name)) {}

  using Store::put;
  void put(std::span<const Credential> /*credentials*/, const Progress& /*progress*/) override {
    throw Error(Errc::helper_failed, name_ + " cannot be started");
  }
  std::optional<Credential> get(std::string_view /*server*/) override { return std::nullopt; }
  void erase(std::span<const std::string> /*servers*/) override {}
  std::map<std::string, std::string> list() override { return {}; }
  std::vector<std::string> known_servers() override { return {}; }
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] StoreId id_for(std::string_view /*server*/) override { return StoreId("helper"); }

 private:
  std::string name_;
};

// Those for which docker has nothing but what `helper` had; of a registry one spelling.
void add_servers_left(std::set<std::string>& servers, const DockerConfig& config,
                      const std::string& helper) {
  const auto add = [&](const std::string& server) {
    const bool is_there = std::ranges::any_of(
        servers, [&](const std::string& other) { return same_registry(other, server); });
    if (!is_there) servers.insert(server);
  };
  const auto has_entry = [&](const std::string& server) {
    return std::ranges::any_of(config.entries(), [&](const ConfigEntry& entry) {
      return same_registry(entry.key, server);
    });
  };
  for (const auto& entry : config.entries()) {
    if (!entry.holds_credential && config.helper_for(asked_as(entry.key)) == helper) add(entry.key);
  }
  for (const auto& [server, of] : config.cred_helpers()) {
    if (of == helper && !has_entry(server)) add(server);
  }
}

}  // namespace

std::optional<Refusal> why_gone(const std::string& helper, const Environment& environment,
                                std::span<const SourceFile> files) {
  constexpr std::chrono::seconds kLimit(2);
  const bool is_named = std::ranges::any_of(files, [&](const SourceFile& file) {
    return file.format->obeys_creds_store && parse_config(file).names(helper);
  });
  if (!is_named || helper.empty() || helper.find('/') != std::string::npos) return std::nullopt;
  const std::string name = helper_program(environment, helper);
  const auto program = find_program(environment, name);
  if (!program) return Refusal{name + " is not on PATH"};
  auto refusal = why_not_startable(environment, *program, kLimit);
  if (refusal) refusal->reason = name + ' ' + refusal->reason;
  return refusal;
}

std::optional<std::string> find_alias(const Environment& environment,
                                      std::span<const SourceFile> files) {
  for (const auto& file : files) {
    if (!file.format->obeys_creds_store) continue;
    const DockerConfig config = parse_config(file);
    std::set<std::string> named{config.creds_store()};
    for (const auto& [server, helper] : config.cred_helpers()) named.insert(helper);
    for (const auto& name : named) {
      if (is_ours(name) || name.find('/') != std::string::npos) continue;
      const auto program = find_program(environment, helper_program(environment, name));
      if (program && is_this_program(*program)) return name;
    }
  }
  return std::nullopt;
}

std::unique_ptr<Store> open_gone_helper(const Environment& environment, const std::string& helper) {
  return std::make_unique<NoStore>(helper_program(environment, helper));
}

HelperCredentials credentials_of_gone(const std::string& helper, Store& source,
                                      std::span<const SourceFile> files) {
  std::set<std::string> servers;
  for (const auto& file : files) {
    if (file.format->obeys_creds_store) add_servers_left(servers, parse_config(file), helper);
  }
  HelperCredentials gone{helper, &source, {}, /*is_gone=*/true};
  for (const auto& server : servers) {
    gone.credentials.push_back(
        {server, "", std::nullopt, Refusal{"has no login any more; log in again"}});
  }
  return gone;
}

}  // namespace cred
