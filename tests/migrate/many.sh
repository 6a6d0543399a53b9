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
LIMIT=240 # beside other stories, under a sanitizer
start_bus
may_ask

# What our process computes, in milliseconds; how long the fake service takes is another matter.
computing() {
  many "$1"
  start_fake --locked
  local TIMEFORMAT='%3U %3S' user system
  # The story's own words keep going to its stderr.
  { time migrate 2>&3; } 3>&2 2>"$LAB/times"
  exits 0 "$1 logins"
  calls_are 1 Prompt.Prompt
  calls_are "$1" Collection.CreateItem
  equal "$1" "$(fake_items length)" "items of $1"
  equal "$1" "$(fake_items 'map(select(.secret == "secret-" + (.server | capture("host-(?<n>[0-9]+)").n) + "-of-many")) | length')" 'right secrets'
  all_moved "$1"
  stop_fake
  rm -rf "$HOME/.local/state"
  read -r user system <"$LAB/times"
  COMPUTED=$((10#${user/./} + 10#${system/./}))
}
# A busy machine makes a run dearer than it is, never cheaper: the cheapest of three counts, as soon as
# it is cheap enough.
computing 1
one=$COMPUTED
few='' many=''
for ((round = 1; round <= 3; ++round)); do
  computing 250
  if [[ -z $few ]] || ((COMPUTED - one < few)); then few=$((COMPUTED - one)); fi
  computing 1000
  if [[ -z $many ]] || ((COMPUTED - one < many)); then many=$((COMPUTED - one)); fi
  printf 'computing: 1 login %s ms, 250 more %s ms, 1000 more %s ms\n' "$one" "$few" "$many"
  ((many > 4 * few * 3 / 2)) || break
done
at_most $((4 * few * 3 / 2)) "$many" 'milliseconds for 1000, by those for 250 and half as much again'

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
