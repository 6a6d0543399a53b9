#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two at once make a vault with one key file, or add a key where one more has room: one of them does it,
# the other says so, and nothing is lost. Both are held up at the vault's lock, past all that they look
# at before.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

# both NAME-COMMAND…: two calls of ours at once, `%` in them being a and b; their exits are in $EXITS,
# sorted, and what they said in $LAB/said.a and $LAB/said.b.
both() {
  local name lock pids=()
  mkdir -p "$VAULT_FOLDER"
  chmod 0700 "$VAULT_FOLDER"
  exec {lock}>"$VAULT.lock"
  flock "$lock"
  for name in a b; do
    docker-credential-keyring vault "${@//%/$name}" >"$LAB/said.$name" 2>&1 </dev/null {lock}>&- &
    pids+=($!)
  done
  for name in "${pids[@]}"; do wait_until is_at_lock "$name"; done
  exec {lock}>&-
  EXITS=
  for name in "${pids[@]}"; do
    STATUS=0
    wait "$name" || STATUS=$?
    EXITS+="$STATUS "
  done
  EXITS=$(tr ' ' '\n' <<<"$EXITS" | sort | paste -sd ' ')
  note_id
}

is_at_lock() { readlink "/proc/$1/fd/"* 2>/dev/null | grep -x "$VAULT.lock" >/dev/null; }

# --- one key file for two: it is never taken from the vault that needs it
for ((round = 0; round < 8; round++)); do
  rm -rf "$VAULT_FOLDER" "$KEY_FILE" "$HOME/.local/state"
  both create --key-file "$KEY_FILE"
  equal ' 0 1' "$EXITS" "exits of two that create, round $round"
  [[ -s $KEY_FILE ]] || fail "the key file is gone, round $round: $(cat "$LAB"/said.?)"
  store a.example ada s3
  has a.example ada s3
done

# --- a place for one more key, and two that want it
saved=$LAB/saved
for ((i = 2; i <= 31; i++)); do
  vault key add --key-file "$LAB/keys/$i"
  exits 0 "key add $i"
done
cp "$VAULT" "$saved"
both key add --key-file "$LAB/keys/%"
equal ' 0 1' "$EXITS" 'exits of two that add the last key'
grep -h '32 keys, and takes no more' "$LAB"/said.? >"$LAB/noise" || fail "$(cat "$LAB"/said.?)"
vault key list
exits 0 'key list'
equal 32 "$(wc -l <"$LAB/out")" 'keys'
has a.example ada s3
