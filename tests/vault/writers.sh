#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Forty stores of different servers, twenty of one server and some erases at once lose nothing.
# $ROUNDS is how often.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

quick_vault_with_key
# in_background NAME ACTION STDIN
in_background() {
  printf '%s' "$3" >"$LAB/request.$1"
  timeout -k 5 "$LIMIT" docker-credential-keyring "$2" <"$LAB/request.$1" >"$LAB/answer.$1" 2>&1 &
  pids+=($!)
}

one_round() {
  local i pid generation
  pids=()
  for ((i = 0; i < 5; i++)); do store "old$i.example" u s; done
  generation=$(header .generation)
  for ((i = 0; i < 40; i++)); do
    in_background "s$i" store "$(credential "s$i.example" "u$i" "p$1-$i")"
    if ((i % 2)); then in_background "t$i" store "$(credential same.example "u$i" "p$1-$i")"; fi
    if ((i % 8 == 0)); then in_background "e$i" erase "old$((i / 8)).example"; fi
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || fail "round $1: a store or erase failed: $(sort "$LAB"/answer.* | uniq -c)"
  done
  equal "$((generation + 65))" "$(header .generation)" "round $1: generation"
  for ((i = 0; i < 40; i++)); do printf '"s%s.example":["u%s","p%s-%s"]\n' "$i" "$i" "$1" "$i"; done |
    paste -sd , | sed 's/.*/{&}/' | jq -cS . >"$LAB/wanted"
  dump '.credentials | del(.["same.example"]) | map_values([.username, .secret])' >"$LAB/found"
  same_file "$LAB/wanted" "$LAB/found" "round $1: credentials"
  dump '.credentials["same.example"] | .secret == "p'"$1"'-" + .username[1:]' >"$LAB/same"
  equal true "$(<"$LAB/same")" "round $1: same.example"
  equal 41 "$(index '[.servers[] | select(.store == "vault")] | length')" "round $1: servers in the index"
  call list
  equal 41 "$(jq length "$LAB/out")" "round $1: servers listed"
  equal '' "$(find "$VAULT_FOLDER" -name 'vault.new*')" "round $1: leftovers"
}

for ((round = 1; round <= ${ROUNDS:-1}; round++)); do one_round "$round"; done
