#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What scripts and several keys need: --if-missing, --quiet, labels, and JSON of each.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

quiet() {
  vault status --quiet
  exits "$1" "status --quiet, $2"
  equal '' "$OUT$ERR" "output of status --quiet, $2"
}
quiet 1 'no vault'

# --- one that is there, and can be unlocked, is left
vault create --if-missing --key-file "$KEY_FILE" --label 'the CI'
exits 0 'create --if-missing, none'
equal 'the CI' "$(header '.slots[0].label')" label
quiet 0 unlocked
store a.example ada s3
remember
vault create --if-missing --key-file "$KEY_FILE"
exits 0 'create --if-missing, again'
says 'left as it is'
unchanged 'create --if-missing, again'
vault create --if-missing --json --key-file "$KEY_FILE"
jq -e '.version == 1 and .open and .keys[0].label == "the CI" and (.keys[0].created_iso | endswith("Z"))' "$LAB/out" \
  >"$LAB/verdict" || fail "create --if-missing --json: «$OUT»"

# --- one that cannot be unlocked is no success
mv "$KEY_FILE" "$LAB/key"
quiet 3 locked
vault create --if-missing --key-file "$LAB/another"
exits 1 'create --if-missing, locked'
[[ ! -e $LAB/another ]] || fail 'a key file was made for a vault that is there'
# The key that is given counts, and a wrong one does not.
INPUT=$LAB/key vault create --if-missing --key-file -
exits 0 'create --if-missing, the key on stdin'
vault create --if-missing --key-file "$LAB/key"
exits 0 'create --if-missing, the key elsewhere'
make_key_file "$LAB/wrong"
INPUT=$LAB/wrong vault create --if-missing --key-file -
exits 1 'create --if-missing, a wrong key on stdin'
vault create --if-missing --key-file "$LAB/wrong"
exits 1 'create --if-missing, a wrong key'
unchanged 'create --if-missing with keys'
mv "$LAB/key" "$KEY_FILE"

# --- one answer is asked for, not two
vault status --quiet --json
exits 2 'status --quiet --json'

# --- labels
vault key add --key-file "$LAB/second" --label 'a USB stick 用户'
exits 0 'key add --label'
vault key list
says 'a USB stick 用户' 'the CI'
vault key list --json
jq -e '.version == 1 and (.keys | length == 2) and (.keys | all(has("id") and has("kind") and has("created_iso")))' \
  "$LAB/out" >"$LAB/verdict" || fail "key list --json: «$OUT»"
remember
for label in $'a\nb' $'a\e[2J' "$(printf 'x%.0s' {1..65})" ''; do
  vault key add --key-file "$LAB/third" --label "$label"
  exits 2 "the label «$label»"
done
unchanged 'labels that cannot be used'

# --- a time that is too long is wrong use
for time in 8d 169h 0s soon; do
  vault unlock --for "$time"
  exits 2 "unlock --for $time"
done
says 'as 8h'
vault unlock --for 8d
says 'up to 7d'

# --- a lost passphrase is warned of where one is made
forget_vault
at_terminal --answer 'some words' --answer 'some words' -- docker-credential-keyring vault create
exits 0 'vault create'
says 'cannot be recovered' 'vault key add'

# --- several at once: one makes it, and all succeed
forget_vault
pids=()
for ((i = 0; i < 6; i++)); do
  docker-credential-keyring vault create --if-missing --key-file "$KEY_FILE" >"$LAB/create.$i" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || fail "one of six create --if-missing failed: $(cat "$LAB"/create.*)"; done
equal 1 "$(header '.slots | length')" 'keys of the vault that six made'
