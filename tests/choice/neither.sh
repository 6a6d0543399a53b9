#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: neither can be used. Servers that nobody stored are not found, so that docker pulls on; for
# others the error says which store has them and how to open it; a store says how to make a vault.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

# --- the first day on a bare machine
has_not a.example
erase a.example
lists '{}'
call store "$(credential a.example ada s3)"
hinted 'docker-credential-keyring vault create' 'store on the first day'
equal 1 "$(wc -l <"$LAB/err")" 'lines on stderr of store'
[[ ! -e $VAULT_FOLDER ]] || fail 'a folder was made for no vault'

# --- what the index knows
write_index '{"in-keyring.example": "keyring", "in-vault.example": "vault"}'
strangers() {
  has_not stranger.example
  erase stranger.example
  call list
  equal 0 "$STATUS" "exit of list, $1"
  jq -e 'type == "object"' <"$LAB/out" >/dev/null || fail "list, $1: no object"
}
strangers 'no vault'
call get in-keyring.example
failed 'get of what the keyring has'
says keyring
call get https://in-keyring.example/v2/
failed 'get in another spelling'
call get in-vault.example
failed 'get of what the vault has, which is gone'
says vault
call erase in-vault.example
if ((STATUS)); then failed 'erase of what the vault has, which is gone'; fi

# --- a vault that is locked
quick_vault_with_passphrase 'pass one' --credential in-vault.example val t4
write_index '{"in-keyring.example": "keyring", "in-vault.example": "vault"}'
strangers 'the vault locked'
call get in-vault.example
hinted 'docker-credential-keyring vault unlock' 'get, the vault locked'
says vault locked
call get https://in-vault.example
hinted 'docker-credential-keyring vault unlock' 'get in another spelling, the vault locked'
call store "$(credential new.example bob u5)"
hinted 'docker-credential-keyring vault unlock' 'store, the vault locked'

# --- a vault whose key file is away
forget_vault
quick_vault_with_key --credential in-vault.example val t4
has in-vault.example val t4
mv "$KEY_FILE" "$LAB/aside"
strangers 'the key file away'
call get in-vault.example
failed 'get, the key file away'
says "$KEY_FILE"
