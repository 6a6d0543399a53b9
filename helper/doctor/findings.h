// SPDX-License-Identifier: MIT
// All that doctor can find. The checks name a finding, and the tests ask for each.
#pragma once

#include <algorithm>
#include <string_view>

namespace cred {

// By which scripts know them: words with hyphens, which stay as they are.
inline constexpr std::string_view kFindings[] = {
    "helper-not-on-path",
    "helper-is-another",
    "helper-not-under-sudo",
    "docker-config-mistaken",
    "config-foreign",
    "config-unreadable",
    "config-folder-closed",
    "config-read-only",
    "config-malformed",
    "config-open",
    "creds-store-unset",
    "creds-store-other",
    "entry-broken",
    "plaintext-shadowed",
    "plaintext-kept",
    "plaintext-logins",
    "registry-token",
    "dockercfg-leftover",
    "dockercfg-not-stored",
    "plaintext-leftover",
    "snap-docker",
    "auth-config-overrides",
    "node-file-plaintext",
    "node-file-open",
    "helper-dead",
    "helper-missing",
    "helper-renamed",
    "registries-conf-malformed",
    "containers-fall-back",
    "containers-files-first",
    "containers-helper-missing",
    "drop-in-overridden",
    "auth-file-missing",
    "namespace-shadowed",
    "namespace-unasked",
    "auth-file-plaintext",
    "containers-not-set-up",
    "list-names-docker",
    "bus-silent",
    "keyring-silent",
    "module-unusable",
    "asker-missing",
    "bus-unusable",
    "keyring-failed",
    "vault-key-missing",
    "vault-key-unreadable",
    "vault-key-open",
    "vault-key-beside",
    "vault-key-same-disk",
    "vault-clevis-missing",
    "vault-foreign",
    "vault-folder-open",
    "vault-open",
    "vault-damaged",
    "vault-unseen",
    "vault-elsewhere",
    "index-unreadable",
    "stale-copies",
    "store-variable-unusable",
    "settings-unreadable",
    "settings-unusable",
    "keyring-unprotected",
    "keyring-locked",
    "keyring-out-of-reach",
    "shared-copy-missing",
    "shared-copy-old",
    "shared-unchecked",
    "shared-refused",
    "shared-timer-missing",
    "shared-certificate-ends",
    "shared-may-write",
    "kubelet-unasked",
    "home-absent",
    "vault-gone",
    "vault-locked",
    "no-store",
    "setting-keyring-unusable",
    "setting-vault-missing",
    "keyring-duplicates",
    "stored-twice",
    "round-trip-failed",
    "round-trip-skipped",
};

// The name of one of them: any other does not compile.
struct FindingId {
  std::string_view name;

  consteval FindingId(const char* finding)  // NOLINT(google-explicit-constructor): it is a name
      : name(*std::ranges::find(kFindings, std::string_view(finding))) {}
  bool operator==(const FindingId&) const = default;
};

}  // namespace cred
