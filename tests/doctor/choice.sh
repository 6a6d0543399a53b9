#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store is to be used, and one login in both: settings, copies that were replaced, and nowhere to
# put a login.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

ours
SETTINGS=$HOME/.config/docker-credential-keyring/settings.json

# --- nothing can take a login: at a terminal a passphrase is asked for, elsewhere a key file is made
mended_at_terminal --answer pw1 --answer pw1 -- no-store problem
healthy 'a vault with a passphrase'
forget_vault
finds no-store problem
[[ $(field no-store command) == 'docker-credential-keyring vault create --key-file /'*/key ]] ||
  fail "expected a command that needs no terminal, got «$(field no-store command)»"
if ((EUID)); then
  mended no-store problem
  forget_vault
fi

# --- settings.json
make_vault_with_key
for text in '{"store": "valut"}' '{"prompt": 1}' 'nonsense'; do
  settings "$text"
  mended settings-unusable warning settings.json
  [[ -e $SETTINGS.broken ]] || fail 'expected the settings to be put aside'
done
mkdir "$SETTINGS"
finds settings-unreadable warning settings.json
rmdir "$SETTINGS"
export DOCKER_CREDENTIAL_KEYRING_STORE=valut
mended store-variable-unusable warning DOCKER_CREDENTIAL_KEYRING_STORE
export DOCKER_CREDENTIAL_KEYRING_STORE=keyring
mended setting-keyring-unusable problem
settings '{
  "store" : "keyring"
}'
mended setting-keyring-unusable problem
equal auto "$(jq -r .store "$SETTINGS")" 'store in settings.json'
rm "$SETTINGS"
healthy settings

# --- one login in both stores
start_session
store a.example ada word-one
rm -rf "$HOME/.local/state"
DOCKER_CREDENTIAL_KEYRING_STORE=vault call store "$(credential a.example bob word-two)"
done_silently 'store into the vault'
rm -rf "$HOME/.local/state"
DOCKER_CREDENTIAL_KEYRING_STORE=keyring call store "$(credential a.example ada word-one)"
mended stored-twice warning a.example
equal 1 "$(jq '.facts.logins | length' "$LAB/findings")" logins
equal 1 "$(jq '.facts.logins[0].stores | length' "$LAB/findings")" 'stores of the login'
healthy 'one login, one store'

# --- a copy that was replaced while the keyring was away
erase a.example
store b.example ada word-one
equal 1 "$(items server b.example)" 'items of b.example'
address=$DBUS_SESSION_BUS_ADDRESS
stop_keyring
store b.example bob word-two
finds stale-copies info b.example
start_keyring pw1
DBUS_SESSION_BUS_ADDRESS=$address mended stale-copies warning b.example
equal 0 "$(items server b.example)" 'items of b.example'
has b.example bob word-two
healthy 'the copy is gone'
