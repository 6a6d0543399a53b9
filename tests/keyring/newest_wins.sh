#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Of several items of one server the one modified last is the credential, in whatever order they come.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
item() {
  jq -cn --arg u "$1" --argjson c "$2" --argjson m "$3" \
    '{server: "a.example", username: $u, secret: $u, created: $c, modified: $m}'
}
for order in 'old new' 'new old'; do
  options=()
  for age in $order; do
    if [[ $age == old ]]; then
      options+=(--item "$(item alice 900 1000)")
    else
      options+=(--item "$(item bob 100 2000)")
    fi
  done
  start_fake "${options[@]}" --item '{"server": "b.example", "username": "c", "secret": "c", "modified": 1}'
  has a.example bob bob
  lists '{"a.example": "bob", "b.example": "c"}'
  store a.example carol s3
  equal '["b.example","carol"]' \
    "$(fake_items '[.[] | if .server == "a.example" then .username else .server end] | sort')" items
  stop_fake
  start_fake "${options[@]}"
  erase a.example
  equal 0 "$(fake_items length)" items
  stop_fake
done
