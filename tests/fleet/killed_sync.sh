#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A sync, and a join, that is killed or fails at any system call that changes a file: the old copy or the new one
# answers, and the next sync brings the new one. EVERY=1: at each of them; else a spread.
. "${BASH_SOURCE[0]%/*}/fleet_lab.sh" || exit 1

changing='openat mkdir write fsync fchmod rename renameat utimensat unlinkat flock'
begin_fleet
join_node one
cp -rp "$LAB/one" "$LAB/before.sync"
mkdir -m 0700 "$LAB/before.join"
login admin a.example ada new-secret

points=0 killed=0
# tried_at FAULT SYSCALL NUMBER COMMAND…
tried_at() {
  local fault=$1 syscall=$2 number=$3 kind=$4 found
  rm -rf "$LAB/one"
  cp -rp "$LAB/before.$kind" "$LAB/one"
  traced -e "trace=$syscall" -e "inject=$syscall:$fault:when=$number" -- env HOME="$LAB/one" "${@:5}"
  points=$((points + 1))
  ((STATUS != 137)) || killed=$((killed + 1))
  local at="$kind, $fault at $syscall $number"
  INPUT=<(echo a.example) on one docker-credential-keyring get
  found=
  ((STATUS)) || found=$(jq -r .Secret "$LAB/out")
  if [[ $kind == sync ]]; then
    [[ $found == old-secret || $found == new-secret ]] || fail "get after $at: «$OUT»"
    sync_on one
  else
    [[ -z $found || $found == new-secret ]] || fail "get after $at: «$OUT»"
    on one "${@:5}"
    exits 0 "the next join, after $at"
  fi
  answers one a.example ada new-secret
  equal '' "$(find "$LAB/one" -name '*.new')" "left after $at"
}

for kind in sync join; do
  command=(docker-credential-keyring vault sync)
  [[ $kind == sync ]] ||
    command=(docker-credential-keyring vault join "$PLACE" --id "$ID" --key-file "$FLEET_KEY" "${NODE_ACCESS[@]}")
  rm -rf "$LAB/one"
  cp -rp "$LAB/before.$kind" "$LAB/one"
  traced -e "trace=${changing// /,}" -- env HOME="$LAB/one" "${command[@]}"
  exits 0 "$kind under strace"
  cp "$LAB/trace" "$LAB/whole"
  for syscall in $changing; do
    # Of the calls that open a file, those near the home; all of the others.
    near=$LAB/one
    [[ $syscall == openat ]] || near=
    mapfile -t numbers < <(points "$syscall" "$near")
    for ((i = 0; i < ${#numbers[@]}; i += ${EVERY:-$((${#numbers[@]} / 2 + 1))})); do
      tried_at signal=KILL "$syscall" "${numbers[i]}" "$kind" "${command[@]}"
      tried_at error=ENOSPC "$syscall" "${numbers[i]}" "$kind" "${command[@]}"
    done
  done
done
((killed)) || fail 'nobody was killed'
printf '%s points, %s killed\n' "$points" "$killed"
