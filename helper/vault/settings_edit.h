// SPDX-License-Identifier: MIT
// The settings that a command writes for people into settings.json. What it does not know there,
// and how it is written, stays.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"

namespace cred {

// By name; empty: the setting goes.
using SettingValues = std::vector<std::pair<std::string, std::string>>;

// "vault_at" and what goes with it.
[[nodiscard]] SettingValues values_of(const SharedVaultSettings& shared);

// In this user's settings.json, which is made if it is missing. Throws Error(io) where it cannot be
// written; bad_request where it is no JSON object.
void write_settings(const Environment& environment, const SettingValues& values);

// Throws as write_settings() would, and writes nothing.
void check_settings(const Environment& environment);

// Takes what `values` names, whatever it is set to, out of each settings.json that has it, also of
// root's other one.
void remove_settings(const Environment& environment, const SettingValues& values);

}  // namespace cred
