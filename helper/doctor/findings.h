// SPDX-License-Identifier: MIT
// All that doctor can find. Each finding has an id here, which its check names, and a row in
// findings.cpp with its text for scripts; the tests go through all rows.
#pragma once

#include <span>
#include <string_view>

namespace cred {

enum class FindingId {
  helper_not_on_path,
  helper_is_another,
  helper_not_under_sudo,
  config_foreign,
  config_unreadable,
  config_malformed,
  config_open,
  creds_store_unset,
  creds_store_other,
  entry_broken,
  plaintext_shadowed,
  plaintext_kept,
  plaintext_logins,
  registry_token,
  dockercfg_leftover,
  dockercfg_not_stored,
  plaintext_leftover,
  snap_docker,
  auth_config_overrides,
  node_file_plaintext,
  node_file_open,
  helper_dead,
  helper_missing,
  registries_conf_malformed,
  containers_fall_back,
  containers_helper_missing,
  drop_in_overridden,
  namespace_shadowed,
  namespace_unasked,
  auth_file_plaintext,
  containers_not_set_up,
  bus_silent,
  keyring_silent,
  module_unusable,
  asker_missing,
  bus_unusable,
  keyring_failed,
  vault_key_missing,
  vault_key_open,
  vault_key_beside,
  vault_key_same_disk,
  vault_clevis_missing,
  vault_foreign,
  vault_folder_open,
  vault_open,
  vault_damaged,
  stale_copies,
  store_variable_unusable,
  settings_unreadable,
  settings_unusable,
  keyring_unprotected,
  keyring_locked,
  keyring_out_of_reach,
  vault_gone,
  vault_locked,
  no_store,
  setting_keyring_unusable,
  setting_vault_missing,
  keyring_duplicates,
  stored_twice,
  round_trip_failed,
  round_trip_skipped,
  count,  // of them; no finding itself
};

struct FindingRow {
  FindingId id;
  std::string_view name;  // by which scripts know it: words with hyphens, which stay as they are
};

// "config-open".
[[nodiscard]] std::string_view name_of(FindingId id);

[[nodiscard]] std::span<const FindingRow> all_findings();

}  // namespace cred
