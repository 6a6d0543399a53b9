#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# config.json is marked as immutable, as some do to keep Docker Desktop from writing it: that is told by
# what it is before anything is stored, and the cure works.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
CONFIG=$HOME/.docker/config.json
mkdir -m 0700 "$HOME/.docker"
text='{"auths":{"reg.example":{"auth":"YWRhOnMz"}}}'
(umask 077 && printf %s "$text" >"$CONFIG")

free_and_end() {
  local status=$?
  set +e
  trap - ERR
  chattr -i "$CONFIG" "$HOME/.docker" 2>/dev/null
  (exit "$status")
  vault_lab_end
}
trap free_and_end EXIT

for marked in "$CONFIG" "$HOME/.docker"; do
  chattr +i "$marked" 2>"$LAB/chattr.log" || {
    echo 'immutable.sh: no such mark can be set here, so nothing was tried' >&2
    exit 0
  }
  run docker-credential-keyring migrate
  exits 1 "migrate, $marked"
  says "$marked" 'marked as immutable' 'chattr -i'
  says_not chmod
  lists '{}'
  equal "$text" "$(<"$CONFIG")" 'config.json'
  run docker-credential-keyring doctor --json
  equal "chattr -i $marked" \
    "$(jq -r '.findings[] | select(.id == "config-folder-closed") | .command' "$LAB/out")" "doctor, $marked"
  eval "$(jq -r '.findings[] | select(.id == "config-folder-closed") | .command' "$LAB/out")"
done
run docker-credential-keyring migrate
exits 0 migrate
has reg.example ada s3
