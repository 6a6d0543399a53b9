#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# KeePassXC as the keyring: it shows extra attributes, deletes through a prompt, and while it is locked it
# shows no items at all.
. "${BASH_SOURCE[0]%/*}/keepassxc_lab.sh" || exit 1

make_database
settings '{"reply_timeout_s": 60}' # it is slow where the machine is
start_bus
start_keepassxc pw1
wait_until opened

may_ask # it makes and deletes items through prompts, which it answers itself
has_not a.example
lists '{}'
store a.example ada 's3 é'
has a.example ada 's3 é'
lists '{"a.example": "ada"}'
store a.example bob t4
has a.example bob t4
equal 1 "$(items server a.example)" 'items of a.example'
store b.example eve u5
lists '{"a.example": "bob", "b.example": "eve"}'
erase b.example
has_not b.example
lists '{"a.example": "bob"}'
erase stranger.example

# Locked, as it comes it would ask to unlock whenever it is searched: so it is not. The index alone knows.
may_not_ask
watch_waits
end_process "$KEEPASSXC_PID"
start_keepassxc ''
wait_until closed
has_not stranger.example
waited_at_most 4000 'get of a stranger while locked'
erase stranger.example
waited_at_most 4000 'erase of a stranger while locked'
call list
equal '["a.example"]' "$(jq -c keys <"$LAB/out")" 'servers while locked'
waited_at_most 4000 'list while locked'
settings '{"reply_timeout_s": 1}'
call get a.example
failed 'get while locked'
call erase a.example
failed 'erase while locked'
call store "$(credential a.example eve u5)"
failed 'store while locked'
waited_at_most 5000 'store while locked'
call list
equal '["a.example"]' "$(jq -c keys <"$LAB/out")" 'servers while locked'
