#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `list` never prompts and loads no secret, also on a locked keyring; what is stored is listed as far as
# it can be known.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
answer_prompts ok
start_keyring pw1
store a.example ada s3
store b.example bob t4
may_ask
lock_warm
lists '{"a.example": "ada", "b.example": "bob"}'
prompts_are 0 list
lock_cold
call list
equal 0 "$STATUS" 'exit of list, cold'
equal '["a.example","b.example"]' "$(jq -c keys <"$LAB/out")" 'servers, cold'
prompts_are 0 list
settings '{"prompt": "always"}'
call list
prompts_are 0 'list, prompt always'
equal true "$(is_locked)" 'collection locked'
stop_keyring

start_fake --item '{"server": "c.example", "username": "eve", "secret": "u5"}'
lists '{"c.example": "eve"}'
calls_are 0 Service.GetSecrets
calls_are 0 Item.GetSecret
calls_are 0 Service.Unlock
stop_fake
start_fake --locked --item '{"server": "c.example", "username": "eve", "secret": "u5"}'
call list
equal eve "$(jq -r '."c.example"' <"$LAB/out")" 'c.example, locked'
calls_are 0 Service.Unlock
calls_are 0 Prompt.Prompt
