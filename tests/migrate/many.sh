#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A thousand logins: one question, one batch, and work that grows no faster than they do.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

# many COUNT: config.json with so many logins.
many() {
  rm -f "$CONFIG"
  (umask 077 && jq -cn --argjson n "$1" '{auths: ([range($n) | {
    key: "host-\(.).example:5000",
    value: {auth: ("user-\(.):secret-\(.)-of-many" | @base64)}}] | from_entries)}' >"$CONFIG")
  cp "$CONFIG" "$LAB/before"
}

# all_moved COUNT
all_moved() {
  equal "[$1,\"{}\"]" "$(jq -c '[.auths | length, (map(tostring) | unique[])]' "$CONFIG")" 'entries'
  equal keyring "$(jq -r .credsStore "$CONFIG")" credsStore
}

secret -of-many
LIMIT=600 # valgrind, beside other stories
start_bus
may_ask

# What our process works; what the fake service does is another matter.
work_of() {
  many "$1"
  start_fake --locked
  work migrate
  exits 0 "$1 logins"
  ! grep -qFf "$LAB/secrets" "$LAB/out" "$LAB/err" || fail 'a secret is in the output'
  calls_are 1 Prompt.Prompt
  calls_are "$1" Collection.CreateItem
  equal "$1" "$(fake_items length)" "items of $1"
  equal "$1" "$(fake_items 'map(select(.secret == "secret-" + (.server | capture("host-(?<n>[0-9]+)").n) + "-of-many")) | length')" 'right secrets'
  all_moved "$1"
  stop_fake
  rm -rf "$HOME/.local/state"
}
work_of 1
one=$WORK
work_of 250
few=$((WORK - one))
work_of 1000
many=$((WORK - one))
printf 'work: 1 login %s, 250 more %s, 1000 more %s\n' "$one" "$few" "$many"
at_most $((4 * few * 3 / 2)) "$many" 'work for 1000, by that for 250 and half as much again'

# --- the real keyring, locked
answer_prompts ok
start_keyring pw1
lock_warm
many 300
migrate
exits 0 'the real keyring'
prompts_are 1 '300 logins'
all_moved 300
call list
equal 300 "$(jq length "$LAB/out")" 'servers that list names'
has host-0.example:5000 user-0 secret-0-of-many
has host-299.example:5000 user-299 secret-299-of-many
migrate
exits 0 'second run'
says 'nothing to do'
