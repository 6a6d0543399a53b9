#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Somebody follows doctor's page from top to bottom, once, and then nothing is left to fix. It says what is
# not set up yet, and nothing that is for ever.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

# follow WHAT: the commands of the page, as they stand there, and then it is healthy.
follow() {
  local commands command
  doctor
  cp "$LAB/out" "$LAB/page"
  mapfile -t commands < <(sed -n 's/^ \{10\}\([^ ]\)/\1/p' "$LAB/page")
  ((${#commands[@]})) || fail "$1: the page has no command: $OUT"
  for command in "${commands[@]}"; do
    run_command "$command"
    equal 0 "$STATUS" "exit of «$command», followed $1"
  done
  healthy "after $1"
}

# --- a server on the first day: what is not set up is said, in its order
doctor
says 'nothing to fix, and not set up yet'
follow 'the first page'
doctor
says 'nothing to fix'
says_not 'not set up' 'worth knowing'
equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore

# --- a bus that is gone is no fault where the vault works, and one where the keyring has logins
export DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/gone
healthy 'a bus that is gone'
found bus-unusable info "$LAB/gone"
write_index '{"k.example": "keyring"}'
finds bus-unusable warning "$LAB/gone"
unset DBUS_SESSION_BUS_ADDRESS
rm "$(index_file)"
forget_vault

# --- logins in a file that all can read, and no store
config "{\"auths\":{$(login a.example ada word-one)}}"
chmod 644 "$CONFIG"
follow 'plaintext and no store'
has a.example ada word-one

# --- several faults at once: of the files, of the vault, of the settings
config "{\"auths\":{$(login b.example bob word-two)}}" "$HOME/.config/helm/registry/config.json"
config "{\"auths\":{$(login c.example cyd word-three)},\"credsStore\":\"keyring\"}"
chmod 666 "$CONFIG"
chmod 777 "$VAULT_FOLDER"
chmod 666 "$VAULT"
settings '{"store": "keyring"}'
follow 'many faults'
has a.example ada word-one
has b.example bob word-two
has c.example cyd word-three
