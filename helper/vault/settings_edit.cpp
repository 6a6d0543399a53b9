// SPDX-License-Identifier: MIT
#include "helper/vault/settings_edit.h"

#include <algorithm>

#include "helper/text/json_text.h"
#include "platform/system/config_file.h"
#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

std::string edited(const std::string& text, const SettingValues& values) {
  const JsonNode root = parse_json(text);
  if (root.kind != JsonKind::object) throw Error(Errc::bad_request, "it is not a JSON object");
  JsonEdits edits(text, root);
  for (const auto& [name, value] : values) {
    const auto member = std::ranges::find(root.members, name, &JsonMember::key);
    const bool is_there = member != root.members.end();
    if (value.empty()) {
      if (is_there) edits.remove(root, *member);
    } else if (is_there) {
      edits.replace(member->value, quote_json(value));
    } else {
      edits.insert(root, name, quote_json(value));
    }
  }
  return edits.apply();
}

std::string edited_file(const std::optional<std::string>& before, const SettingValues& values,
                        const std::filesystem::path& path) {
  try {
    return edited(before.value_or("{}\n"), values);
  } catch (const Error& failure) {
    throw Error(failure.code(), path.string() + ": " + failure.what());
  }
}

void edit(const std::filesystem::path& path, const SettingValues& values) {
  ConfigFile file(path);
  const auto before = file.read();
  const std::string after = edited_file(before, values, path);
  if (after == before) return;
  file.prepare();
  if (!file.replace(before, after)) {
    throw Error(Errc::io, path.string() + " was changed meanwhile; try again");
  }
}

}  // namespace

SettingValues values_of(const SharedVaultSettings& shared) {
  return {{"vault_at", shared.at},
          {"vault_id", shared.id},
          {"vault_ca", shared.ca},
          {"vault_cert", shared.cert},
          {"vault_cert_key", shared.cert_key},
          {"vault_password_file", shared.password_file}};
}

void write_settings(const Environment& environment, const SettingValues& values) {
  const auto path = settings_file(environment);
  make_private_folder(path.parent_path());
  edit(path, values);
}

void check_settings(const Environment& environment) {
  const auto path = settings_file(environment);
  make_private_folder(path.parent_path());
  const ConfigFile file(path);
  static_cast<void>(edited_file(file.read(), {}, path));
  file.check_replaceable();
}

void remove_settings(const Environment& environment, const SettingValues& values) {
  std::vector<std::filesystem::path> files{settings_file(environment)};
  if (has_system_settings(environment)) files.emplace_back(kSystemSettings);
  SettingValues gone = values;
  for (auto& [name, value] : gone) value.clear();
  for (const auto& file : files) {
    if (ConfigFile(file).read()) edit(file, gone);
  }
}

}  // namespace cred
