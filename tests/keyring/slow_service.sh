#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A slow service is waited for; one that never replies is not.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

item='{"server": "a.example", "username": "ada", "secret": "s3"}'
start_bus

start_fake --delay 150 --item "$item"
has a.example ada s3
store b.example bob t4
lists '{"a.example": "ada", "b.example": "bob"}'
erase b.example
stop_fake

watch_waits
settings '{"reply_timeout_s": 1}'
for silent in all Service.OpenSession Service.SearchItems Properties.GetAll Properties.Get \
  Service.GetSecrets Item.GetSecret; do
  start_fake --silent "$silent" --item "$item"
  call get a.example
  # Some of these need never be called; then the answer is the right one.
  if ((STATUS)); then failed "get, no reply to $silent"; else equal s3 "$(jq -r .Secret <"$LAB/out")"; fi
  waited_at_most 6000 "get, no reply to $silent"
  call get stranger.example
  not_found "get of an unknown server, no reply to $silent"
  waited_at_most 6000 "get of an unknown server, no reply to $silent"
  call list
  equal 0 "$STATUS" "exit of list, no reply to $silent"
  waited_at_most 6000 "list, no reply to $silent"
  stop_fake
done

for silent in Collection.CreateItem Service.ReadAlias; do
  start_fake --silent "$silent" --item "$item"
  call store "$(credential c.example bob t4)"
  if ((STATUS)); then failed "store, no reply to $silent"; fi
  waited_at_most 6000 "store, no reply to $silent"
  stop_fake
done

start_fake --silent Item.Delete --item "$item"
call erase a.example
failed 'erase, no reply to Item.Delete'
waited_at_most 6000 'erase'
stop_fake

may_ask
for silent in Service.Unlock Prompt.Prompt; do
  forget_refusals
  settings '{"reply_timeout_s": 1, "prompt_timeout_s": 1}'
  start_fake --locked --silent "$silent" --item "$item"
  call get a.example
  failed "get, no reply to $silent"
  waited_at_most 6000 "get, no reply to $silent"
  stop_fake
done
