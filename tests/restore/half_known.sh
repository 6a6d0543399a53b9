#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A store that is locked, of which nothing says what it holds, as after its index was lost: `restore` of all
# does not end as if there were nothing, and `ls` and `doctor` do not say that there is nothing.
. "${BASH_SOURCE[0]%/*}/../doctor/doctor_lab.sh" || exit 1

half_known() {
  run docker-credential-keyring ls
  exits 0 "ls, $1"
  says "the $2 may have logins that are not listed"
  doctor
  says 'no login is known; what is locked may have some'
  says_not 'no login is stored'
  cp "$CONFIG" "$LAB/before"
  run docker-credential-keyring restore --yes
  exits 1 "restore, $1"
  says 'is locked'
  same_file "$LAB/before" "$CONFIG" "config.json, $1"
}

# --- a vault
quick_vault_with_passphrase 'pass one' --credential a.example ada word-one
ours '"a.example":{}'
half_known 'a vault' vault
# At a terminal it asks, and gives all back.
forget_vault_refusals
at_terminal --answer 'pass one' -- docker-credential-keyring restore --yes
exits 0 'restore at a terminal'
equal ada:word-one "$(jq -r '.auths["a.example"].auth' "$CONFIG" | base64 -d)" 'the login in the file'
forget_vault

# --- a keyring that shows nothing while it is locked
ours
start_bus
start_fake --locked --hide-locked --item '{"server": "k.example", "username": "kay", "secret": "word-two"}'
half_known 'a keyring' keyring
stop_fake
