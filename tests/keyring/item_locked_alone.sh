#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An item that is locked in an open collection (KeePassXC asks for each) is unlocked, or told from absent.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

item='{"server": "a.example", "username": "ada", "secret": "s3", "locked": true}'
open='{"server": "b.example", "username": "bob", "secret": "t4"}'
start_bus
may_ask

start_fake --item "$item" --item "$open"
has a.example ada s3
calls_are 1 Prompt.Prompt
stop_fake

start_fake --item "$item" --item "$open"
has b.example bob t4
has_not c.example
lists '{"a.example": "ada", "b.example": "bob"}'
calls_are 0 Prompt.Prompt
store a.example eve u5
calls_are 1 Prompt.Prompt
equal '[["a.example","u5"],["b.example","t4"]]' "$(fake_items '[.[] | [.server, .secret]] | sort')" items
stop_fake

start_fake --item "$item" --item "$open"
erase a.example
calls_are 1 Prompt.Prompt
equal '["b.example"]' "$(fake_items '[.[].server]')" items
stop_fake

forget_refusals
start_fake --prompt dismissed --item "$item" --item "$open"
for action in get erase; do
  forget_refusals
  call "$action" a.example
  failed "$action, dismissed"
done
forget_refusals
call store "$(credential a.example eve u5)"
failed 'store, dismissed'
calls_are 3 Prompt.Prompt
has b.example bob t4
equal '["s3","t4"]' "$(fake_items '[.[].secret]')" secrets
stop_fake

forget_refusals
may_not_ask
start_fake --item "$item" --item "$open"
call get a.example
failed_locked 'get, nobody to ask'
call erase a.example
failed_locked 'erase, nobody to ask'
has b.example bob t4
calls_are 0 Prompt.Prompt

# Nobody need be asked where the service unlocks without a prompt.
stop_fake
start_fake --no-prompt-needed --item "$item" --item "$open"
has a.example ada s3
calls_are 0 Prompt.Prompt
