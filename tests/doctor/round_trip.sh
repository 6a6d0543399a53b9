#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --round-trip stores a login of no value and takes it back, in the store that would take a new one, also
# where something fails; the index stays as it was.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

ours
# untouched [WHAT]: the index is as it was.
untouched() { same_file "$LAB/index" "$(index_file)" "the index${1:+, $1}"; }
round_trip() {
  cp "$(index_file)" "$LAB/index"
  examine --round-trip
  untouched "$1"
}

start_session
store a.example ada word-one
round_trip keyring
equal '[]' "$(jq -c '[.findings[] | select(.severity != "info")]' "$LAB/findings")" 'to fix'
equal 1 "$(items docker_cli 1)" 'items in the keyring'

lock_warm
round_trip locked
found round-trip-skipped info keyring
unlock
stop_keyring

# --- services with faults
start_fake --item '{"server": "a.example", "username": "ada", "secret": "s3"}' --delete-lies
round_trip 'deletes nothing'
found round-trip-failed problem
stop_fake
settings '{"reply_timeout_s": 1}'
for silent in Collection.CreateItem Item.GetSecret Item.Delete; do
  start_fake --silent "$silent" --item '{"server": "a.example", "username": "ada", "secret": "s3"}'
  round_trip "no reply to $silent"
  found round-trip-failed problem
  if [[ $silent == Item.GetSecret ]]; then
    equal '["a.example"]' "$(fake_items '[.[].server]')" 'what is left after a failed read'
  fi
  stop_fake
done
end_process "$BUS_PID"
unset DBUS_SESSION_BUS_ADDRESS
rm -r "$HOME/.local/state"

# --- the vault
make_vault_with_key
store a.example ada word-one
round_trip vault
equal '[]' "$(jq -c '[.findings[] | select(.severity != "info")]' "$LAB/findings")" 'to fix'
reads '{"a.example": ["ada", "word-one"]}'
forget_vault
quick_vault_with_passphrase pw1
write_index '{}'
round_trip 'a locked vault'
found round-trip-skipped info vault
equal 'docker-credential-keyring vault unlock' "$(field round-trip-skipped command)" command
reads '{}'
