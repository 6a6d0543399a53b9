#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A locked KeePassXC shows no items at all: there the index says what may be there.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

item='{"server": "a.example", "username": "ada", "secret": "s3"}'
start_bus

# The index learns of it while it is open.
start_fake --item "$item"
lists '{"a.example": "ada"}'
stop_fake

may_ask
start_fake --locked --hide-locked --item "$item"
has_not stranger.example
erase stranger.example
call list
equal '["a.example"]' "$(jq -c keys <"$LAB/out")" 'servers listed while locked'
calls_are 0 Prompt.Prompt
has a.example ada s3
calls_are 1 Prompt.Prompt
stop_fake

start_fake --locked --hide-locked --item "$item"
erase a.example
equal 0 "$(fake_items length)" 'items after an erase'
calls_are 1 Prompt.Prompt
stop_fake
start_fake --item "$item"
lists '{"a.example": "ada"}'
stop_fake

# A store replaces what it could not see before it unlocked.
start_fake --locked --hide-locked --item "$item"
store a.example bob t4
equal '[["bob","t4"]]' "$(fake_items '[.[] | [.username, .secret]]')" 'items after a store'
calls_are 1 Prompt.Prompt
stop_fake

may_not_ask
start_fake --locked --hide-locked --item "$item"
has_not stranger.example
call get a.example
failed_locked 'get, nobody to ask'
call erase a.example
failed_locked 'erase, nobody to ask'
call store "$(credential a.example bob t4)"
failed_locked 'store, nobody to ask'
equal '["s3"]' "$(fake_items '[.[].secret]')" 'secrets'
