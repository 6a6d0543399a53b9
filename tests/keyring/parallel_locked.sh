#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Thirty processes on a locked keyring: one prompt serves all of them; a refusal counts for all who wait.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
answer_prompts ok
start_keyring pw1
for i in 0 1 2; do store "s$i.example" "u$i" "p$i"; done
may_ask
settings '{"reply_timeout_s": 60}' # thirty at once, where a machine is slow

# thirty ACTION: in the background, and waits; $statuses is how they ended, sorted and counted. All of
# them have come before one may ask.
thirty() {
  local i pid pids=() ended=() lock=$HOME/.local/state/docker-credential-keyring/keyring.lock
  hold_lock "$lock"
  for ((i = 0; i < 30; i++)); do
    printf 's%d.example' $((i % 3)) >"$LAB/request.$i"
    timeout -k 5 "$LIMIT" docker-credential-keyring "$1" <"$LAB/request.$i" >"$LAB/answer.$i" \
      2>"$LAB/words.$i" &
    pids+=($!)
  done
  wait_until waiting_for "$lock" 30
  release_lock
  for pid in "${pids[@]}"; do
    i=0
    wait "$pid" || i=$?
    ended+=("$i")
  done
  statuses=$(printf '%s\n' "${ended[@]}" | sort | uniq -c | tr -s ' \n' ' ')
}

for lock in lock_warm lock_cold; do
  "$lock"
  forget_prompts
  forget_refusals
  thirty get
  equal ' 30 0 ' "$statuses" "ends of thirty gets after $lock"
  prompts_are 1 "thirty gets after $lock"
  for ((i = 0; i < 30; i++)); do
    n=$((i % 3))
    credential "s$n.example" "u$n" "p$n" >"$LAB/expected"
    jq -c '{ServerURL, Username, Secret}' <"$LAB/answer.$i" >"$LAB/got"
    same_file "$LAB/expected" "$LAB/got" "answer $i after $lock"
  done
done

answer_prompts cancel
unlock
for lock in lock_warm lock_cold; do
  "$lock"
  forget_prompts
  forget_refusals
  thirty get
  equal ' 30 1 ' "$statuses" "ends of thirty refused gets after $lock"
  prompts_are 1 "thirty refused gets after $lock"
  ! grep -lF "$NOT_FOUND" "$LAB"/answer.* || fail 'a refused get said «not found»'
  forget_refusals
  thirty erase
  equal ' 30 1 ' "$statuses" "ends of thirty refused erases after $lock"
done
unlock
for i in 0 1 2; do has "s$i.example" "u$i" "p$i"; done
