// SPDX-License-Identifier: MIT
#include "helper/files/docker_config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/system/error.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

constexpr std::string_view kAuths = "auths";
constexpr std::string_view kCredsStore = "credsStore";
constexpr std::string_view kCredHelpers = "credHelpers";

// What docker's versions have written beside them.
constexpr auto kOtherKeys =
    std::to_array<std::string_view>({"HttpHeaders",    "psFormat",          "imagesFormat",
                                     "networksFormat", "pluginsFormat",     "volumesFormat",
                                     "statsFormat",    "detachKeys",        "serviceInspectFormat",
                                     "servicesFormat", "tasksFormat",       "secretFormat",
                                     "configFormat",   "nodesFormat",       "pruneFilters",
                                     "proxies",        "currentContext",    "cliPluginsExtraDirs",
                                     "plugins",        "aliases",           "features",
                                     "experimental",   "stackOrchestrator", "kubernetes"});

bool is_null(const JsonNode& node) { return node.kind == JsonKind::null; }

[[noreturn]] void refuse(std::string_view name, std::string_view problem) {
  throw Error(Errc::bad_request, std::string(name).append(problem));
}

std::vector<ConfigEntry> read_entries(const JsonNode& auths) {
  std::vector<ConfigEntry> entries;
  entries.reserve(auths.members.size());
  for (const JsonMember& member : auths.members) entries.push_back(read_entry(member));
  return entries;
}

// Returns nullptr if there is none.
const JsonMember* find_section(const JsonNode& root, std::string_view name) {
  const JsonMember* found = nullptr;
  for (const JsonMember& member : root.members) {
    if (!same_json_key(member.key, name)) continue;
    if (found != nullptr) refuse(name, " is there twice");
    found = &member;
  }
  return found;
}

// As in Go, null is as good as nothing.
void expect_kind(const JsonNode& node, JsonKind kind, std::string_view name,
                 std::string_view problem) {
  if (node.kind != kind && !is_null(node)) refuse(name, problem);
}

// A blank file is what a crash or `touch` leaves, and docker begins anew on it.
std::string document_of(std::string text) { return trim(text).empty() ? "{}" : std::move(text); }

JsonNode parse_object(std::string_view text) {
  JsonNode root = parse_json(text);
  if (root.kind != JsonKind::object) refuse("the top level", " is not an object");
  return root;
}

void empty_entry(const JsonNode& entry, JsonEdits& edits) {
  for (const JsonMember& part : entry.members) {
    if (is_credential_field(part.key)) edits.remove(entry, part);
  }
}

void put(const JsonNode& root, std::string_view name, std::string json, JsonEdits& edits) {
  if (const JsonMember* section = find_section(root, name)) {
    edits.replace(section->value, std::move(json));
  } else {
    edits.insert(root, std::string(name), std::move(json));
  }
}

void set_creds_store(const JsonNode& root, const std::string& helper, JsonEdits& edits) {
  if (!helper.empty()) return put(root, kCredsStore, quote_json(helper), edits);
  if (const JsonMember* section = find_section(root, kCredsStore)) edits.remove(root, *section);
}

void fill_entry(const JsonNode& entry, const Credential& credential, JsonEdits& edits) {
  for (const auto& [name, value] : entry_for(credential).fields) {
    edits.insert(entry, name, quote_json(value));
  }
}

// Into objects that are there everything is an ordinary insertion, so what lacks its object is
// prepared here and left to another pass, as `rest`.
void edit_auths(const JsonNode& root, const ConfigEdit& edit, JsonEdits& edits, ConfigEdit& rest) {
  const JsonMember* auths = find_section(root, kAuths);
  if (auths == nullptr || is_null(auths->value)) {
    if (edit.filled.empty()) return;
    put(root, kAuths, "{}", edits);
    rest.filled = edit.filled;
    return;
  }
  auto missing = edit.filled;
  for (const JsonMember& entry : auths->value.members) {
    const auto credential = edit.filled.find(entry.key);
    if (credential != edit.filled.end() && is_null(entry.value)) {
      missing.erase(entry.key);
      edits.replace(entry.value, "{}");
      rest.filled.insert(*credential);
      continue;
    }
    if (edit.removed.contains(entry.key)) {
      edits.remove(auths->value, entry);
      continue;
    }
    const bool is_filled = credential != edit.filled.end();
    if (is_filled || edit.emptied.contains(entry.key)) empty_entry(entry.value, edits);
    if (!is_filled) continue;
    missing.erase(entry.key);
    fill_entry(entry.value, *credential->second, edits);
  }
  for (const auto& [key, credential] : missing) edits.insert(auths->value, key, "{}");
  rest.filled.insert(missing.begin(), missing.end());
}

// The same for credHelpers.
void edit_cred_helpers(const JsonNode& root, const ConfigEdit& edit, JsonEdits& edits,
                       ConfigEdit& rest) {
  const JsonMember* section = find_section(root, kCredHelpers);
  if (section == nullptr || is_null(section->value)) {
    if (edit.cred_helpers.empty()) return;
    put(root, kCredHelpers, "{}", edits);
    rest.cred_helpers = edit.cred_helpers;
    return;
  }

  const JsonNode& helpers = section->value;
  std::vector<const JsonMember*> removed;
  auto missing = edit.cred_helpers;
  for (const JsonMember& helper : helpers.members) {
    if (const auto wanted = edit.cred_helpers.find(helper.key); wanted != edit.cred_helpers.end()) {
      missing.erase(helper.key);
      if (helper.value.string != wanted->second) {
        edits.replace(helper.value, quote_json(wanted->second));
      }
    } else if (edit.helpers_to_remove.contains(helper.key)) {
      removed.push_back(&helper);
    }
  }

  // An object that was empty before is not ours to tidy.
  if (!removed.empty() && removed.size() == helpers.members.size() && missing.empty()) {
    return edits.remove(root, *section);
  }
  for (const JsonMember* helper : removed) edits.remove(helpers, *helper);
  for (const auto& [server, helper] : missing) edits.insert(helpers, server, quote_json(helper));
}

}  // namespace

DockerConfig DockerConfig::parse(std::string text) {
  DockerConfig config;
  config.text_ = document_of(std::move(text));
  config.root_ = parse_object(config.text_);

  if (const JsonMember* auths = find_section(config.root_, kAuths)) {
    expect_kind(auths->value, JsonKind::object, kAuths, " is not an object");
    config.entries_ = read_entries(auths->value);
  }
  if (const JsonMember* store = find_section(config.root_, kCredsStore)) {
    expect_kind(store->value, JsonKind::string, kCredsStore, " is not a string");
    config.creds_store_ = store->value.string;
  }
  if (const JsonMember* helpers = find_section(config.root_, kCredHelpers)) {
    expect_kind(helpers->value, JsonKind::object, kCredHelpers, " is not an object");
    for (const JsonMember& helper : helpers->value.members) {
      expect_kind(helper.value, JsonKind::string, kCredHelpers,
                  " names a helper that is not a string");
      config.cred_helpers_.emplace(helper.key, helper.value.string);
    }
  }
  return config;
}

bool DockerConfig::is_of_another_program() const {
  const auto is_dockers = [](const JsonMember& member) {
    const auto is_it = [&](std::string_view key) { return same_json_key(member.key, key); };
    return is_it(kAuths) || is_it(kCredsStore) || is_it(kCredHelpers) ||
           std::ranges::any_of(kOtherKeys, is_it);
  };
  return !root_.members.empty() && std::ranges::none_of(root_.members, is_dockers);
}

std::string_view DockerConfig::text_of(std::string_view key) const {
  const JsonMember* auths = find_section(root_, kAuths);
  if (auths == nullptr) return {};
  for (const JsonMember& entry : auths->value.members) {
    if (entry.key != key) continue;
    const std::string_view text = text_;
    return text.substr(entry.value.begin, entry.value.end - entry.value.begin);
  }
  return {};
}

std::string DockerConfig::edited(const ConfigEdit& edit) const {
  JsonEdits edits(text_, root_);
  ConfigEdit rest;
  edit_auths(root_, edit, edits, rest);
  if (edit.creds_store) set_creds_store(root_, *edit.creds_store, edits);
  edit_cred_helpers(root_, edit, edits, rest);
  std::string text = edits.apply();
  const bool done = rest.filled.empty() && rest.cred_helpers.empty();
  return done ? text : parse(std::move(text)).edited(rest);
}

DockerConfig DockerConfig::parse_dockercfg(std::string text) {
  DockerConfig config;
  config.entries_ = read_entries(parse_object(document_of(std::move(text))));
  return config;
}

const std::string& DockerConfig::helper_for(const std::string& server) const {
  const auto own = cred_helpers_.find(server);
  return own == cred_helpers_.end() ? creds_store_ : own->second;
}

bool DockerConfig::names(const std::string& helper) const {
  const auto is_it = [&](const auto& of) { return of.second == helper; };
  return creds_store_ == helper || std::ranges::any_of(cred_helpers_, is_it);
}

bool holds_credentials(std::string_view text) {
  try {
    const DockerConfig config = DockerConfig::parse(std::string(text));
    return std::ranges::any_of(config.entries(), &ConfigEntry::holds_credential);
  } catch (const Error&) {
    return text.find("\"auth\"") != std::string_view::npos;  // half a file can hold a whole one
  }
}

}  // namespace cred
