#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Light: the program needs no GLib to start, loads none when the vault answers, and starts nothing.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

heavy='lib(glib|gio|gobject|gmodule|secret|dbus|curl|systemd)'
ldd "$HELPER" >"$LAB/ldd"
! grep -E "$heavy" "$LAB/ldd" || fail "the program needs $(grep -E "$heavy" "$LAB/ldd")"

make_vault_with_key
store a.example ada s3
# quiet ACTION STDIN [WHAT]
quiet() {
  printf '%s' "$2" >"$LAB/request"
  INPUT=$LAB/request traced -e trace=openat,execve,socket,connect -- docker-credential-keyring "$1"
  equal 0 "$STATUS" "exit of $1"
  ! grep -E "$heavy" "$LAB/trace" || fail "$1${3:+, $3} opens $(grep -E "$heavy" "$LAB/trace")"
  equal 1 "$(grep -c 'execve(' "$LAB/trace")" "programs of $1${3:+, $3}"
  ! grep -E '(socket|connect)\(' "$LAB/trace" || fail "$1${3:+, $3} opens a socket"
}
for what in 'no bus' 'a bus' 'the vault chosen'; do
  case $what in
  'a bus') start_session ;;
  'the vault chosen') settings '{"store": "vault"}' ;;
  esac
  quiet version '' "$what"
  quiet get a.example "$what"
  [[ $what != 'a bus' ]] || continue
  quiet list '' "$what"
  quiet store "$(credential a.example ada s4)" "$what"
  quiet erase stranger.example "$what"
done
