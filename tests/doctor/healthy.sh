#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Healthy machines: nothing to fix, exit 0, and what is set up is shown. A fresh one, one with a keyring,
# one with a vault.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

# --- fresh: no file, no store
healthy fresh
found no-store info
found creds-store-unset info
equal false "$(fact '.files[0].exists')" 'config.json is there'
doctor
exits 0 fresh
# shellcheck disable=SC2088 # as it is shown
says 'nothing to fix' '~/.docker/config.json' 'vault create'
[[ $OUT != *$'\e'* ]] || fail 'expected no colours in a pipe'
silent doctor

# --- a keyring, and docker asks us
start_session
store a.example ada s3
ours '"a.example":{}'
healthy keyring
equal gnome-keyring "$(fact .keyring.provider)" 'provider'
equal false "$(fact .keyring.locked)" 'locked'
equal '{"server":"a.example","username":"ada","stores":["keyring"]}' "$(jq -c '.facts.logins[]' "$LAB/findings")" login
equal keyring "$(fact '.files[0].creds_store')" creds_store
doctor
exits 0 keyring
says 'gnome-keyring, unlocked' 'nothing to fix' 'docker asks keyring'
healthy 'with --round-trip'
doctor --round-trip
exits 0 'round trip'
end_process "$KEYRING_PID"
end_process "$BUS_PID"
unset DBUS_SESSION_BUS_ADDRESS
rm -rf "$HOME/.local"

# --- a vault
make_vault_with_key
store a.example ada s3
healthy vault
equal true "$(fact .vault.opens_without_asking)" 'opens without asking'
equal '["vault"]' "$(jq -c '.facts.logins[0].stores' "$LAB/findings")" stores
found vault-key-same-disk info "$KEY_FILE"
doctor
says 'key-file' 'a.example' 'nothing to fix'

# --- one with a passphrase, locked: docker asks when it needs it
forget_vault
quick_vault_with_passphrase pw1
healthy 'vault, locked'
found vault-locked info
mended_at_terminal --answer pw1 -- vault-locked info

# --- not its words
doctor --nonsense
exits 2 'wrong use'
doctor --help
exits 0 help
