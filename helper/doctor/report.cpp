// SPDX-License-Identifier: MIT
#include "helper/doctor/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "platform/text/strings.h"
#include "platform/vault/format/format.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

// ---- for people

std::string helper_line(const ProgramFacts& program) {
  if (!program.on_path) return "docker finds none on PATH";
  return program.on_path->string() + (program.is_this ? "" : ", not the one that runs");
}

std::string file_line(const LoginFileFacts& file) {
  if (!file.file.exists) return "not there";
  if (file.file.failure || file.refusal) return "cannot be read";
  std::vector<std::string> parts;
  parts.reserve(file.cred_helpers.size() + 2);
  if (!file.creds_store.empty()) {
    parts.push_back(std::string(file.format->reader) + " asks " + file.creds_store);
  }
  for (const auto& [server, helper] : file.cred_helpers) {
    parts.push_back("for " + server + (helper.empty() ? " this file" : ' ' + helper));
  }
  const auto plain = std::ranges::count_if(file.entries, &EntryFacts::holds_credential);
  parts.push_back(plain == 0 ? "no login in plaintext" : std::to_string(plain) + " in plaintext");
  return join(parts);
}

std::string keyring_line(const KeyringStatus& keyring) {
  if (keyring.failure) {
    const std::string reason = keyring.failure->what();
    if (keyring.bus.empty()) return "none: " + reason;
    return keyring.provider.empty() ? reason : keyring.provider + ", " + reason;
  }
  if (keyring.provider.empty()) {
    return keyring.is_activatable ? "none runs yet; the bus starts it when it is needed"
                                  : "none on the session bus";
  }
  const std::string name = keyring.provider;
  if (!keyring.has_collection) return name + ", without a default collection";
  return name + (keyring.is_locked ? ", locked" : ", unlocked");
}

std::string vault_line(const VaultInspection& vault) {
  const std::string name = vault.file.path.string();
  if (!vault.file.exists) return "none";
  if (vault.failure) return name + ", cannot be used";
  const std::string slots =
      join(vault.slots, ", ", [](const SlotInspection& slot) { return name_of(slot.slot.kind); });
  return name + (vault.status.is_unlocked() ? ", unlocked; keys: " : ", locked; keys: ") + slots;
}

void print_credentials(const DoctorFacts& facts, const Notes& out) {
  const auto credentials = facts.credentials();
  Table table;
  for (const auto& [server, credential] : credentials) {
    table.add({server, join(credential.stores, ", ", &StoreId::name), credential.username});
  }
  table.print(out);
  if (credentials.empty()) out.line("  none is stored");
}

void print_facts(const DoctorFacts& facts, const Notes& out) {
  out.line("helper");
  out.line("  ", helper_line(facts.program));
  out.line("files");
  for (const auto& file : facts.files) {
    out.line("  ", file.file.path, ": ", file_line(file));
  }
  for (const auto& node : facts.node_files) {
    out.line("  ", node.file.path, ": of ", node.reader);
  }
  if (facts.containers.is_used) {
    out.line("  podman, skopeo and buildah: ask ", join(facts.containers.asked));
  }
  out.line("stores");
  out.line("  keyring: ", keyring_line(facts.keyring));
  out.line("  vault: ", vault_line(facts.vault));
  out.line("logins");
  print_credentials(facts, out);
}

void print_findings(std::span<const Finding> findings, bool infos, const Notes& out) {
  for (const auto& finding : findings) {
    if ((finding.severity == Severity::info) != infos) continue;
    out.line("  ", infos ? "" : std::string(name_of(finding.severity)) + ": ", finding.text);
    if (!finding.command.empty()) out.line("      ", finding.command);
  }
}

// ---- for scripts

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
          {"logins", std::move(credentials)}};
}

}  // namespace

void print_report(const DoctorFacts& facts, std::span<const Finding> findings, const Notes& out) {
  print_facts(facts, out);
  out.line(is_healthy(findings) ? "nothing to fix" : "to fix");
  print_findings(findings, /*infos=*/false, out);
  if (std::ranges::find(findings, Severity::info, &Finding::severity) != findings.end()) {
    out.line("worth knowing");
  }
  print_findings(findings, /*infos=*/true, out);
}

void print_report_json(const DoctorFacts& facts, std::span<const Finding> findings,
                       std::ostream& out) {
  Json listed = Json::array();
  for (const auto& finding : findings) {
    listed.push_back({{"id", finding.id.name},
                      {"severity", name_of(finding.severity)},
                      {"text", finding.text},
                      {"command", finding.command}});
  }
  const Json document = {{"healthy", is_healthy(findings)},
                         {"findings", std::move(listed)},
                         {"facts", json_of(facts)}};
  write_json(document, out);
}

}  // namespace cred
