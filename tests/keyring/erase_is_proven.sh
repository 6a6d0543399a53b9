#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `erase` believes what a new search says, not what Delete replied; a Delete that wants a prompt gets it.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

item='{"server": "a.example", "username": "ada", "secret": "s3"}'
start_bus

start_fake --delete-lies --item "$item"
call erase a.example
broke 'erase, nothing was deleted'
has a.example ada s3
stop_fake

may_ask
start_fake --delete prompt --item "$item"
erase a.example
equal 0 "$(fake_items length)" items
stop_fake

start_fake --delete prompt --prompt dismissed --item "$item"
call erase a.example
failed 'erase, dismissed'
equal 1 "$(fake_items length)" items
stop_fake

# Every spelling of a registry goes, as docker logout means it.
start_session_items() {
  local server options=()
  for server in "$@"; do options+=(--item "{\"server\": \"$server\", \"username\": \"u\", \"secret\": \"s\"}"); done
  start_fake "${options[@]}"
}
start_session_items reg.example https://reg.example http://reg.example/v2/ reg.example:5000 reg.example/team
erase reg.example
equal '["reg.example/team","reg.example:5000"]' "$(fake_items '[.[].server] | sort')" 'servers left'
