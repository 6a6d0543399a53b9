#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: a line on stderr only when a store or an erase goes elsewhere than the settings or the index
# say. A server without a desktop is not a fault: there nothing is said at all.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

lines() { equal "$1" "$(wc -l <"$LAB/err")" "lines on stderr of $2: «$ERR»"; }

# --- headless, all day long
make_vault_with_key
for call in 1 2; do
  store a.example ada "s$call"
  lines 0 'store, headless'
  has a.example ada "s$call"
  lines 0 'get, headless'
  has_not stranger.example
  lines 0 'get of a stranger, headless'
  call list
  lines 0 'list, headless'
done
erase a.example
lines 0 'erase, headless'
erase stranger.example
lines 0 'erase of a stranger, headless'
settings '{"store": "vault"}'
store a.example ada s3
lines 0 'store, the vault chosen'
settings '{}'

# --- a desktop with a vault besides
start_session
store b.example bob t4
lines 0 'store, a keyring'
has b.example bob t4
lines 0 'get, a keyring'
has a.example ada s3
lines 0 'get from the vault, a keyring'
store a.example ada s4
lines 0 'store to the vault as the index says'

# --- elsewhere than the index says
stop_keyring
store b.example bob t5
lines 1 'store elsewhere'
says vault
[[ $ERR == docker-credential-keyring:* ]] || fail 'the line does not name the program'
has b.example bob t5
lines 0 'get after it'
