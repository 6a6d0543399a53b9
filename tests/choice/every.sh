#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: `get` and `list` look in every store that can answer without asking, and in no other.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

start_bus
answer_prompts ok
start_keyring pw1
store in-keyring.example kay s3
quick_vault_with_key --credential in-vault.example val t4

# The index knows of one store only; the other is asked all the same.
has in-vault.example val t4
has https://in-vault.example/v1/ val t4
lists '{"in-keyring.example": "kay", "in-vault.example": "val"}'
equal '{"in-keyring.example":"keyring","in-vault.example":"vault"}' \
  "$(index '.servers | map_values(.store)')" 'the index after list'
rm "$(index_file)"
has in-keyring.example kay s3
has in-vault.example val t4

# --- the keyring is locked: the vault answers, and nobody is asked for it
lock_warm
may_ask
forget_prompts
has in-vault.example val t4
has_not stranger.example
call list
equal 0 "$STATUS" 'exit of list'
equal val "$(jq -r '.["in-vault.example"]' "$LAB/out")" 'list, the keyring locked'
prompts_are 0 'the vault'
has in-keyring.example kay s3
prompts_are 1 'the keyring'

# --- the vault is locked: the keyring answers, and nobody is asked for it
may_not_ask
quick_vault_with_passphrase 'pass one' --credential in-vault.example val t4
write_index '{"in-keyring.example": "keyring", "in-vault.example": "vault"}'
write_index '{"in-keyring.example": "keyring", "in-vault.example": "vault"}'
call_at_terminal get in-keyring.example --may-end --answer never
equal 0 "$STATUS" 'exit of get, the vault locked'
call_at_terminal get stranger.example --may-end --answer never
not_found 'get of a stranger, the vault locked'
call_at_terminal list '' --may-end --answer never
equal 0 "$STATUS" 'exit of list, the vault locked'
equal kay "$(jq -r '.["in-keyring.example"]' "$LAB/out")" 'list, the vault locked'
prompted_times 0 list
call get in-vault.example
hinted 'docker-credential-keyring vault unlock' 'get, the vault locked'
call_at_terminal get in-vault.example --answer 'pass one'
equal t4 "$(jq -r .Secret "$LAB/out")" 'the secret'
prompted_times 1 get
lists '{"in-keyring.example": "kay", "in-vault.example": "val"}'
