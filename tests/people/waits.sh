#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Who waits longer than a second at a terminal reads for what: the keyring's dialog, clevis, a key
# command. A log does not.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

# waits STATUS TEXT COMMAND…: ends with this, with stderr at a terminal, which shows that.
waits() {
  local status=0
  printf a.example >"$LAB/in"
  : >"$LAB/screen"
  /usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --in "$LAB/in" --out "$LAB/out" \
    --screen "$LAB/screen" -- "${@:3}" || status=$?
  SCREEN=$(<"$LAB/screen")
  equal "$1" "$status" "exit of ${*:3}, with «$SCREEN»"
  [[ $SCREEN == *"docker-credential-keyring: $2"* ]] || fail "${*:3}: expected «$2» on the screen: $SCREEN"
}

# --- a dialog of the keyring that nobody answers
start_bus
start_fake --locked --item '{"server": "a.example", "username": "ada", "secret": "s3"}' --prompt hanging
may_ask
settings '{"prompt_timeout_s": 10}'
waits 1 "waiting for an answer to the keyring's dialog" docker-credential-keyring get
forget_refusals
settings '{"prompt_timeout_s": 2}'
call get a.example
failed 'get, nobody answers'
[[ $ERR != *waiting* ]] || fail "a log is told of waiting: $ERR"
stop_fake
end_process "$BUS_PID"
unset DBUS_SESSION_BUS_ADDRESS
may_not_ask
rm "$HOME/.config/docker-credential-keyring/settings.json"

# --- a key command
quick_vault_with_key --credential a.example ada s3
mv "$KEY_FILE" "$LAB/key"
# It goes on once the note is there.
export DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND="until grep -q waiting '$LAB/screen'; do sleep 0.05; done; cat '$LAB/key'"
waits 0 'waiting for the key command' docker-credential-keyring get
equal s3 "$(jq -r .Secret "$LAB/out")" 'what get answers'
vault lock
# Where stderr is no terminal nothing watches the time: the program has the one thread that waits.
export DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND="ls /proc/\$PPID/task >'$LAB/threads'; cat '$LAB/key'"
has a.example ada s3
equal 1 "$(wc -l <"$LAB/threads")" 'threads while the key command runs'
equal '' "$ERR" 'what a log is told of waiting'
unset DOCKER_CREDENTIAL_KEYRING_KEY_COMMAND

# --- clevis, which takes its time and then says no
forget_vault
printf '#!/bin/sh\nuntil grep -q waiting "%s/screen"; do sleep 0.05; done\nexit 1\n' "$LAB" >"$LAB/bin/clevis"
chmod 0755 "$LAB/bin/clevis"
settings "{\"clevis\": \"$LAB/bin/clevis\"}"
waits 1 'waiting for clevis, which seals the key by tang' \
  docker-credential-keyring vault create --clevis tang '{"url":"http://127.0.0.1:9","thp":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'
