#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: a server not yet stored goes to the keyring if it can be used now or by asking, else to the
# vault; and what lies in one does not move when the other becomes usable.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

make_vault_with_key

# --- no bus at all: the vault, and that is no fault
store a.example ada s3
silent 'store, no bus'
has a.example ada s3
silent 'get, no bus'
reads '{"a.example": ["ada", "s3"]}'

# --- an unlocked keyring: there; and the first stays where it is
start_bus
answer_prompts ok
start_keyring pw1
store b.example bob t4
equal 1 "$(items server b.example)" 'items of b.example'
has a.example ada s3
store a.example ada s4
silent 'store of a.example again'
equal 0 "$(items server a.example)" 'items of a.example'
reads '{"a.example": ["ada", "s4"]}'
equal '{"a.example":"vault","b.example":"keyring"}' "$(index '.servers | map_values(.store)')" 'the index'

# --- a locked one, and somebody to ask
lock_warm
forget_prompts
may_ask
store c.example eve u5
prompts_are 1 'store, somebody to ask'
equal 1 "$(items server c.example)" 'items of c.example'
equal false "$(is_locked)" 'locked'

# --- a locked one, and nobody to ask
may_not_ask
lock_warm
forget_prompts
watch_waits
store d.example dan v6
waited_at_most 2000 'store, nobody to ask'
prompts_are 0 'store, nobody to ask'
reads '{"a.example": ["ada", "s4"], "d.example": ["dan", "v6"]}'

# --- unlocked again: nothing has moved, and nothing moves
unlock
has d.example dan v6
store d.example dan v7
reads '{"a.example": ["ada", "s4"], "d.example": ["dan", "v7"]}'
lists '{"a.example": "ada", "b.example": "bob", "c.example": "eve", "d.example": "dan"}'
equal '{"a.example":"vault","b.example":"keyring","c.example":"keyring","d.example":"vault"}' \
  "$(index '.servers | map_values(.store)')" 'the index'
