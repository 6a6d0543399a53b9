#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A store that replaces another spelling, killed at every file that it opens, locks, writes or removes: each
# spelling has the old login or the new one, and once the bare name has the old one, both have it.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

# answer SERVER: the secret that it has.
answer() {
  call get "$1"
  equal 0 "$STATUS" "exit of get $1, killed at $syscall $n"
  jq -r .Secret "$LAB/out"
}

make_vault_with_key
store https://reg.example ada old
credential reg.example bob new >"$LAB/request"
INPUT=$LAB/request traced -- docker-credential-keyring store
cp "$LAB/trace" "$LAB/whole"
kills=0
for syscall in openat renameat flock fsync unlinkat; do
  for n in $(points "$syscall"); do
    erase reg.example
    store https://reg.example ada old
    INPUT=$LAB/request traced -e "inject=$syscall:signal=KILL:when=$n" -- docker-credential-keyring store
    kills=$((kills + (STATUS == 137)))
    bare=$(answer reg.example) other=$(answer https://reg.example)
    case $bare/$other in
    old/old | new/old | new/new) ;;
    *) fail "killed at $syscall $n: $bare, and $other" ;;
    esac
  done
done
((kills > 40)) || fail "only $kills kills"
