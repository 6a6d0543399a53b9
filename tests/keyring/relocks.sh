#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A collection that locks itself between our steps is unlocked again, not reported; one that never stays
# open ends in an error.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

item='{"server": "a.example", "username": "ada", "secret": "s3"}'
start_bus
may_ask
for times in 1 2; do
  start_fake --relock "$times" --item "$item"
  has a.example ada s3
  stop_fake
  start_fake --relock "$times" --item "$item"
  store a.example bob t4
  equal '[["bob","t4"]]' "$(fake_items '[.[] | [.username, .secret]]')" "items after $times relocks"
  stop_fake
  start_fake --relock "$times" --item "$item"
  store b.example bob t4
  equal 2 "$(fake_items length)" "items after $times relocks"
  stop_fake
  start_fake --relock "$times" --item "$item"
  erase a.example
  equal 0 "$(fake_items length)" "items after $times relocks"
  stop_fake
done

start_fake --relock 1000 --item "$item"
for request in get erase; do
  call "$request" a.example
  failed "$request of what relocks for ever"
done
call store "$(credential a.example bob t4)"
failed 'store to what relocks for ever'
equal '["s3"]' "$(fake_items '[.[].secret]')" 'secrets'
at_most 30 "$(calls Prompt.Prompt)" 'prompts'
