#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Killed at any moment, also between the list of helpers and the files: skopeo finds every login all
# the same, and a second run finishes the job. The same where the disk fails.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
MAY_EXIT=137
docker="{\"auths\":{$(login d.example dan secret-of-dan)}}"
theirs="{\"auths\":{$(login h.example ada secret-of-ada),$(login q.example/org eve secret-of-eve)}}"

begin() {
  forget_all
  rm -rf "$HOME/.docker" "$HOME/.config/containers" "${AUTH_FILE%/*}"
  mkdir -m 0700 "$HOME/.docker"
  config "$docker"
  auth_file "$theirs"
}

all_found() {
  finds d.example dan
  finds h.example ada
  finds q.example/org eve
}

begin
all_found
trace_once
exits 3 'without a fault'
all_found
asks keyring containers-auth.json

hits=0
# hit WHAT STRACE-OPTION…
hit() {
  local what=$1
  shift
  begin
  traced "$@"
  ((STATUS == 3)) || hits=$((hits + 1))
  all_found
  migrate
  exits 3 "second run, $what"
  all_found
  asks keyring containers-auth.json
  equal '["q.example/org"]' "$(jq -c '.auths | keys' "$AUTH_FILE")" "auth.json, $what"
  alone "$AUTH_FILE" "$what"
}

for syscall in renameat renameat2 fsync; do
  for number in $(points "$syscall"); do
    hit "killed at $syscall $number" -e "trace=$syscall" -e "inject=$syscall:signal=KILL:when=$number"
    [[ $syscall != renameat ]] ||
      hit "EIO at $syscall $number" -e "trace=$syscall" -e "inject=$syscall:error=EIO:when=$number"
  done
done
for number in $(points mkdir "$HOME/.config/containers"); do
  hit "killed at mkdir $number" -e trace=mkdir -e "inject=mkdir:signal=KILL:when=$number"
done
((hits >= 8)) || fail "expected 8 hits at least, got $hits"

# --- the second of two files cannot be written: the files are still asked first, so all are found
begin
auth_file "{\"auths\":{$(login l.example lea secret-of-lea)}}" "$LASTING_FILE"
traced -e trace=renameat2 -e inject=renameat2:error=ENOSPC:when=2+
exits 3 'the second file'
says 'done before that: '
all_found
finds l.example lea
asks containers-auth.json keyring
