// SPDX-License-Identifier: MIT
// Doctor's findings for scripts.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "helper/doctor/report.h"
#include "helper/text/json_text.h"
#include "platform/vault/format/format.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const std::optional<std::filesystem::path>& path) {
  return path ? path->string() : "";
}

Json json_of(const LoginFileFacts& file) {
  Json helpers = Json::object();
  for (const auto& [server, helper] : file.cred_helpers) helpers[server] = helper;
  return {{"path", file.file.path.string()},
          {"exists", file.file.exists},
          {"creds_store", file.creds_store},
          {"cred_helpers", std::move(helpers)},
          {"plaintext", std::ranges::count_if(file.entries, &EntryFacts::holds_credential)}};
}

Json json_of(const KeyringStatus& keyring) {
  return {{"bus", keyring.bus},
          {"provider", keyring.provider},
          {"starts_when_called", keyring.is_activatable},
          {"default_collection", keyring.has_collection},
          {"locked", keyring.is_locked},
          {"may_ask", keyring.may_ask},
          {"failure", keyring.failure ? keyring.failure->what() : ""}};
}

Json json_of(const VaultInspection& vault) {
  Json slots = Json::array();
  for (const auto& slot : vault.slots) {
    slots.push_back({{"id", to_hex(slot.slot.id)},
                     {"kind", name_of(slot.slot.kind)},
                     {"key_file", slot.slot.path.value_or("")},
                     {"pin", slot.slot.pin}});
  }
  return {{"path", vault.file.path.string()},
          {"exists", vault.file.exists},
          {"opens_without_asking", vault.status.is_unlocked()},
          {"ways", std::move(slots)},
          {"failure", vault.failure ? vault.failure->reason : ""}};
}

Json json_of(const HomeStatus& home, const Settings& settings) {
  return {{"socket", settings.socket.string()},
          {"servers", home.servers},
          {"failure", home.absence ? home.absence->reason : ""}};
}

Json json_of(const DoctorFacts& facts) {
  Json files = Json::array();
  for (const auto& file : facts.files) files.push_back(json_of(file));
  for (const auto& node : facts.node_files) {
    files.push_back({{"path", node.file.path.string()},
                     {"exists", true},
                     {"reader", node.reader},
                     {"plaintext", node.holds_credentials}});
  }
  Json credentials = Json::array();
  for (const auto& [server, credential] : facts.credentials()) {
    Json stores = Json::array();
    for (const StoreId store : credential.stores) stores.push_back(store.text());
    credentials.push_back(
        {{"server", server}, {"username", credential.username}, {"stores", std::move(stores)}});
  }
  return {{"helper",
           {{"path", facts.program.path.string()},
            {"on_path", text_of(facts.program.on_path)},
            {"is_this", facts.program.is_this},
            {"under_sudo", text_of(facts.program.under_sudo)}}},
          {"files", std::move(files)},
          {"containers",
           {{"used", facts.containers.is_used},
            {"asked", facts.containers.asked},
            {"asked_by",
             facts.containers.lists.empty() ? "" : facts.containers.lists.back().file.string()}}},
          {"keyring", json_of(facts.keyring)},
          {"vault", json_of(facts.vault)},
          {"home", facts.home ? json_of(*facts.home, facts.settings) : Json()},
          {"logins", std::move(credentials)}};
}

}  // namespace

void print_report_json(const DoctorFacts& facts, std::span<const Finding> findings,
                       std::ostream& out) {
  Json listed = Json::array();
  for (const auto& finding : findings) {
    listed.push_back({{"id", finding.id.name},
                      {"severity", name_of(finding.severity)},
                      {"text", finding.text},
                      {"command", finding.command}});
  }
  const Json document = {{"version", 1},
                         {"healthy", is_healthy(findings)},
                         {"findings", std::move(listed)},
                         {"facts", json_of(facts)}};
  write_json(document, out);
}

}  // namespace cred
