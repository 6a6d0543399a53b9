#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# migrate --from … --erase-source, killed at any moment: docker finds each login in the way that
# config.json says, and a second run finishes the job.
. "${BASH_SOURCE[0]%/*}/from_lab.sh" || exit 1

start_session
containers_ask_us
use_vault
cp -r "$HOME/.local/share/docker-credential-keyring" "$LAB/empty"
text='{"auths":{"h1.example":{},"h2.example":{}},"credsStore":"secretservice"}'
after='{"auths":{"h1.example":{},"h2.example":{}},"credsStore":"keyring"}'
printf %s "$after" >"$LAB/after"
MAY_EXIT=137
from=(--from secretservice --erase-source)

begin() {
  rm -rf "$HOME/.local/state" "$HOME/.local/share/docker-credential-keyring" "$HOME/.docker"
  cp -r "$LAB/empty" "$HOME/.local/share/docker-credential-keyring"
  mkdir -m 0700 "$HOME/.docker"
  fill secretservice 2
  config "$text"
}

# gives HELPER SERVER WHEN: it has the login that fill() made.
gives() {
  local i=${2//[!0-9]/}
  equal "user$i secret-of-$i" "$(printf %s "$2" | "docker-credential-$1" get |
    jq -r '.Username + " " + .Secret')" "$2 by $1, $3"
}

# works WHEN: both can be had from the helper that config.json names.
works() {
  local server helper
  helper=$(jq -r .credsStore "$CONFIG")
  for server in h1.example h2.example; do gives "$helper" "$server" "$1"; done
}

begin
trace_once -- "${from[@]}"
exits 0 'without a fault'
same_file "$LAB/after" "$CONFIG"
holds_in secretservice 0

killed=0 in_vain=0
# killed_at SYSCALL N
killed_at() {
  local at="killed at $1 $2"
  begin
  traced -e "trace=$1" -e "inject=$1:signal=KILL:when=$2" -- "${from[@]}"
  if ((STATUS == 137)); then killed=$((killed + 1)); else exits 0 "$at" && in_vain=$((in_vain + 1)); fi
  works "$at"
  migrate "${from[@]}"
  exits 0 "second run, $at"
  same_file "$LAB/after" "$CONFIG" "config.json after the second run, $at"
  alone "$CONFIG" "$at"
  works "$at, after the second run"
  holds_in secretservice 0 "$at, after the second run"
  lists '{"h1.example":"user1","h2.example":"user2"}'
}

# At every change of a file, and whenever the other helper has answered or is about to.
for number in $(points renameat2); do killed_at renameat2 "$number"; done
for syscall in renameat unlink unlinkat; do
  for number in $(points "$syscall" "\"$HOME/"); do killed_at "$syscall" "$number"; done
done
start=$(sed -nE '/^(clone3?|v?fork)\(/{s/\(.*//p;q}' "$LAB/whole")
for number in $(points "$start"); do killed_at "$start" "$number"; done
((killed >= 14)) || fail "expected to have killed 14 times at least, got $killed"
at_most 2 "$in_vain" 'kills that hit nothing'
printf 'killed %s times, in vain %s times\n' "$killed" "$in_vain"
no_plaintext
