#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Forty stores of different servers and twenty of one server at once: all are there, one item each.
# $ROUNDS is how often.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session
settings '{"reply_timeout_s": 60}' # sixty at once, where a machine is slow

one_round() {
  local i pid
  pids=()
  for ((i = 0; i < 40; i++)); do
    store_in_background "s$i" "s$i.example" "u$i" "p$1-$i"
    if ((i % 2)); then store_in_background "t$i" same.example "u$i" "p$1-$i"; fi
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || fail "round $1: a store failed: $(cat "$LAB"/answer.*)"
  done
  equal 41 "$(items docker_cli 1)" "round $1: items"
  call list
  equal 41 "$(jq length <"$LAB/out")" "round $1: servers listed"
  for i in 0 7 39; do has "s$i.example" "u$i" "p$1-$i"; done
  call get same.example
  equal 0 "$STATUS" "round $1: exit of get same.example"
  equal "p$1-$(jq -r '.Username[1:]' <"$LAB/out")" "$(jq -r .Secret <"$LAB/out")" "round $1: secret"
  equal 41 "$(index '.servers | length')" "round $1: servers in the index"
}

# store_in_background NAME SERVER USERNAME SECRET
store_in_background() {
  credential "${@:2}" >"$LAB/request.$1"
  timeout -k 5 "$LIMIT" docker-credential-keyring store <"$LAB/request.$1" >"$LAB/answer.$1" 2>&1 &
  pids+=($!)
}

for ((round = 1; round <= ${ROUNDS:-3}; round++)); do one_round "$round"; done
