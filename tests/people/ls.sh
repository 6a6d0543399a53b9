#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ls`: server, user name, store and time of what both stores hold; never a secret, and nobody is asked.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

ls_() { run docker-credential-keyring ls "$@"; }

ls_
exits 0 'ls of nothing'
equal '' "$OUT" 'ls of nothing'
says 'no login is stored'

make_vault_with_key
began=$(date +%s)
store b.example bob secret-of-bob
ls_
exits 0 'ls, a machine without a keyring'
silent 'ls, a machine without a keyring'
start_session
may_ask
store a.example 'ада 用户' secret-of-ada
ls_
exits 0 ls
says_not secret-of
equal 3 "$(grep -c . "$LAB/out")" 'lines of ls'
[[ $OUT == 'SERVER '*USER*STORE*SINCE* ]] || fail "the first line: «$OUT»"
grep -qE '^a\.example +ада 用户 +keyring +20[0-9]{2}-[0-9]{2}-[0-9]{2} ' "$LAB/out" || fail "a.example: «$OUT»"
grep -qE '^b\.example +bob +vault +20[0-9]{2}-' "$LAB/out" || fail "b.example: «$OUT»"

ls_ --json
jq -e --argjson began "$began" '.version == 1 and ([.credentials[].server] == ["a.example", "b.example"]) and
  (.credentials | all(.stored >= $began and (.stored_iso | endswith("Z")) and .reach == "unlocked")) and
  .credentials[0].store == "keyring" and .credentials[1].username == "bob"' "$LAB/out" >"$LAB/verdict" ||
  fail "ls --json: «$OUT»"

# --- locked: what is known of it, said as such, and nobody is asked
mv "$KEY_FILE" "$LAB/key"
forget_prompts
lock_warm
ls_
exits 0 'ls, locked'
prompts_are 0 'ls'
says 'vault, locked' 'keyring, locked' 'docker-credential-keyring vault unlock'
ls_ --json
jq -e '[.credentials[] | .reach] == ["locked", "locked"]' "$LAB/out" >"$LAB/verdict" || fail "ls --json, locked: «$OUT»"
mv "$LAB/key" "$KEY_FILE"

# --- a store that is not there is not called locked
mv "$VAULT" "$LAB/vault-aside"
ls_
exits 0 'ls, the vault is gone'
says 'vault, out of reach'
says_not 'vault, locked' 'vault unlock'
mv "$LAB/vault-aside" "$VAULT"

# --- a copy that was replaced is not shown
write_index '{"b.example": {"store": "vault"}, "a.example": {"store": "vault", "stale": ["keyring"]}}'
ls_
says_not keyring,
