// SPDX-License-Identifier: MIT
#include "helper/doctor/findings.h"

#include <array>
#include <cstddef>

namespace cred {
namespace {

constexpr auto kRows = std::to_array<FindingRow>({
    {FindingId::helper_not_on_path, "helper-not-on-path"},
    {FindingId::helper_is_another, "helper-is-another"},
    {FindingId::helper_not_under_sudo, "helper-not-under-sudo"},
    {FindingId::config_foreign, "config-foreign"},
    {FindingId::config_unreadable, "config-unreadable"},
    {FindingId::config_malformed, "config-malformed"},
    {FindingId::config_open, "config-open"},
    {FindingId::creds_store_unset, "creds-store-unset"},
    {FindingId::creds_store_other, "creds-store-other"},
    {FindingId::entry_broken, "entry-broken"},
    {FindingId::plaintext_shadowed, "plaintext-shadowed"},
    {FindingId::plaintext_kept, "plaintext-kept"},
    {FindingId::plaintext_logins, "plaintext-logins"},
    {FindingId::registry_token, "registry-token"},
    {FindingId::dockercfg_leftover, "dockercfg-leftover"},
    {FindingId::dockercfg_not_stored, "dockercfg-not-stored"},
    {FindingId::plaintext_leftover, "plaintext-leftover"},
    {FindingId::snap_docker, "snap-docker"},
    {FindingId::auth_config_overrides, "auth-config-overrides"},
    {FindingId::node_file_plaintext, "node-file-plaintext"},
    {FindingId::node_file_open, "node-file-open"},
    {FindingId::helper_dead, "helper-dead"},
    {FindingId::helper_missing, "helper-missing"},
    {FindingId::registries_conf_malformed, "registries-conf-malformed"},
    {FindingId::containers_fall_back, "containers-fall-back"},
    {FindingId::containers_helper_missing, "containers-helper-missing"},
    {FindingId::drop_in_overridden, "drop-in-overridden"},
    {FindingId::namespace_shadowed, "namespace-shadowed"},
    {FindingId::namespace_unasked, "namespace-unasked"},
    {FindingId::auth_file_plaintext, "auth-file-plaintext"},
    {FindingId::containers_not_set_up, "containers-not-set-up"},
    {FindingId::bus_silent, "bus-silent"},
    {FindingId::keyring_silent, "keyring-silent"},
    {FindingId::module_unusable, "module-unusable"},
    {FindingId::asker_missing, "asker-missing"},
    {FindingId::bus_unusable, "bus-unusable"},
    {FindingId::keyring_failed, "keyring-failed"},
    {FindingId::vault_key_missing, "vault-key-missing"},
    {FindingId::vault_key_open, "vault-key-open"},
    {FindingId::vault_key_beside, "vault-key-beside"},
    {FindingId::vault_key_same_disk, "vault-key-same-disk"},
    {FindingId::vault_clevis_missing, "vault-clevis-missing"},
    {FindingId::vault_foreign, "vault-foreign"},
    {FindingId::vault_folder_open, "vault-folder-open"},
    {FindingId::vault_open, "vault-open"},
    {FindingId::vault_damaged, "vault-damaged"},
    {FindingId::stale_copies, "stale-copies"},
    {FindingId::store_variable_unusable, "store-variable-unusable"},
    {FindingId::settings_unreadable, "settings-unreadable"},
    {FindingId::settings_unusable, "settings-unusable"},
    {FindingId::keyring_unprotected, "keyring-unprotected"},
    {FindingId::keyring_locked, "keyring-locked"},
    {FindingId::keyring_out_of_reach, "keyring-out-of-reach"},
    {FindingId::vault_gone, "vault-gone"},
    {FindingId::vault_locked, "vault-locked"},
    {FindingId::no_store, "no-store"},
    {FindingId::setting_keyring_unusable, "setting-keyring-unusable"},
    {FindingId::setting_vault_missing, "setting-vault-missing"},
    {FindingId::keyring_duplicates, "keyring-duplicates"},
    {FindingId::stored_twice, "stored-twice"},
    {FindingId::round_trip_failed, "round-trip-failed"},
    {FindingId::round_trip_skipped, "round-trip-skipped"},
});

consteval bool is_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].id) != i) return false;
  }
  return kRows.size() == static_cast<std::size_t>(FindingId::count);
}
static_assert(is_in_order(), "a row for each FindingId, in their order");

}  // namespace

std::string_view name_of(FindingId id) { return kRows.at(static_cast<std::size_t>(id)).name; }

std::span<const FindingRow> all_findings() { return kRows; }

}  // namespace cred
