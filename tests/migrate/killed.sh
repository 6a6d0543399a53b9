#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Killed at any moment: config.json is the old file or the new one, each login can be had from it or
# from the keyring, and a second run finishes the job.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_session
text="{\"auths\":{$(login a.example ada secret-of-ada),$(login b.example bob secret-of-bob)}}"
after='{"auths":{"a.example":{},"b.example":{}},"credsStore":"keyring"}'
printf %s "$after" >"$LAB/after"
MAY_EXIT=137

begin() {
  forget_all
  rm -rf "$HOME/.docker" "$HOME/.config/containers"
  mkdir -m 0700 "$HOME/.docker"
  config "$text"
}

# all_stored WHEN
all_stored() {
  equal 'ada secret-of-ada' "$(stored a.example)" "a.example in the keyring, $1"
  equal 'bob secret-of-bob' "$(stored b.example)" "b.example in the keyring, $1"
}

begin
trace_once
exits 0 'without a fault'
same_file "$LAB/after" "$CONFIG"

killed=0 in_vain=0
# killed_at SYSCALL N
killed_at() {
  local at="killed at $1 $2"
  begin
  traced -e "trace=$1" -e "inject=$1:signal=KILL:when=$2"
  # The keyring's answers come in threads: a call more or less is no harm.
  if ((STATUS == 137)); then killed=$((killed + 1)); else exits 0 "$at" && in_vain=$((in_vain + 1)); fi
  if cmp -s "$LAB/after" "$CONFIG"; then
    all_stored "$at"
  else
    same_file "$LAB/before" "$CONFIG" "config.json, $at"
  fi
  migrate
  exits 0 "second run, $at"
  same_file "$LAB/after" "$CONFIG" "config.json after the second run, $at"
  alone "$CONFIG" "$at"
  all_stored "$at, after the second run"
  no_plaintext
}

# At every call that changes a file or folder, or opens one of this home.
for syscall in fchmod fsync renameat2; do
  for number in $(points "$syscall"); do killed_at "$syscall" "$number"; done
done
for syscall in mkdir openat renameat unlink unlinkat; do
  for number in $(points "$syscall" "\"$HOME/"); do killed_at "$syscall" "$number"; done
done
for number in $(points write '"{'); do killed_at write "$number"; done
# Between calls of the keyring, each of which makes an eventfd: every sixth.
for number in $(points eventfd2 | sed -n '1~6p'); do killed_at eventfd2 "$number"; done
((killed >= 20)) || fail "expected to have killed 20 times at least, got $killed"
at_most 3 "$in_vain" 'kills that hit nothing'
printf 'killed %s times, in vain %s times\n' "$killed" "$in_vain"

# --- where an entry stays: the old file lies beside the new one, and goes all the same
text="{\"auths\":{$(login a.example ada secret-of-ada),\"bad.example\":{\"auth\":\"???\"}}}"
begin
trace_once
exits 3 'an entry stays'
begin
traced -e trace=unlink -e "inject=unlink:signal=KILL:when=$(points unlink "\"$HOME/" | sed -n 1p)"
exits 137 'an entry stays, killed at unlink'
migrate
exits 3 'second run, an entry stays'
equal 'ada secret-of-ada' "$(stored a.example)" 'a.example in the keyring'
alone "$CONFIG" 'second run, an entry stays'
no_plaintext
