#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: `auto`, `keyring` or `vault` is what the environment says, else what settings.json says,
# else `auto`, which prefers a keyring that can be used now.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

start_session
make_vault_with_key

# goes_to keyring|vault [WHAT]: a new server's credential.
count=0
goes_to() {
  local server=s$((++count)).example there=0 here
  store "$server" ada "secret-$count"
  silent "store${2:+, $2}"
  [[ $1 == vault ]] || there=1
  equal "$there" "$(items server "$server")" "items in the keyring${2:+, $2}"
  here=$(dump ".credentials[\"$server\"].secret")
  equal "$([[ $1 == vault ]] && echo "\"secret-$count\"" || echo null)" "$here" "in the vault${2:+, $2}"
  equal "\"$1\"" "$(index ".servers[\"$server\"].store")" "the index${2:+, $2}"
  has "$server" ada "secret-$count"
}

goes_to keyring 'nothing set'
for store in auto keyring; do
  settings "{\"store\": \"$store\"}"
  goes_to keyring "settings: $store"
done
settings '{"store": "vault"}'
goes_to vault 'settings: vault'
DOCKER_CREDENTIAL_KEYRING_STORE=keyring goes_to keyring 'environment: keyring, settings: vault'
DOCKER_CREDENTIAL_KEYRING_STORE=auto goes_to keyring 'environment: auto, settings: vault'
settings '{"store": "keyring"}'
DOCKER_CREDENTIAL_KEYRING_STORE=vault goes_to vault 'environment: vault, settings: keyring'
goes_to keyring 'settings: keyring'

# What was chosen is kept to, also where it cannot be used: nothing goes elsewhere unasked.
end_process "$KEYRING_PID"
end_process "$BUS_PID"
call store "$(credential new.example bob t4)"
failed 'store, keyring chosen, no bus'
says keyring
equal null "$(dump '.credentials["new.example"]')" 'in the vault'
mv "$VAULT" "$LAB/aside"
DOCKER_CREDENTIAL_KEYRING_STORE=vault call store "$(credential new.example bob t4)"
hinted 'docker-credential-keyring vault create' 'store, vault chosen, none there'
has_not stranger.example
