#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What README says of docker's own helpers, as Debian has them, and of this one in the same place.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

version=$(dpkg-query -Wf '${Version}' golang-docker-credential-helpers)
equal 0.6.4 "${version%%+*}" 'the version that README speaks of'
export PASSWORD_STORE_DIR=$HOME/.password-store
# A crash is an answer here, and so is a search for a bus.
tries() {
  STATUS=0
  LAST_CALL="docker-credential-$1 $2"
  printf '%s' "$3" >"$LAB/in"
  timeout -k 5 "$LIMIT" "docker-credential-$1" "$2" <"$LAB/in" >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
  rm -f "$LAB/dbus-launch.called"
}

# --- nothing is set up: no desktop, no GPG
tries secretservice get a.example
equal 1 "$STATUS" 'secretservice without a bus'
[[ $OUT == *'Cannot autolaunch D-Bus'* ]] || fail "secretservice without a bus: $OUT"
tries pass get a.example
equal 0 "$STATUS" 'pass, not set up'
equal '{"ServerURL":"a.example","Username":"","Secret":""}' "$OUT" 'pass, not set up'
has_not a.example

# --- a keyring that is locked, just now and after it was started anew
start_session
store a.example ada word-one
lock_warm
tries secretservice get a.example
((STATUS > 1)) || fail "secretservice get of a locked keyring exits with $STATUS"
[[ $ERR == *SIGSEGV* ]] || fail 'secretservice get of a locked keyring does not crash'
tries secretservice erase a.example
equal 0 "$STATUS" 'secretservice erase, locked'
call get a.example
failed_locked get
call erase a.example
failed 'erase of a locked login'
lock_cold
tries secretservice get a.example
equal "$NOT_FOUND" "$OUT" 'secretservice get, locked cold'
tries secretservice erase a.example
equal 0 "$STATUS" 'secretservice erase, locked cold'
call get a.example
failed 'get, locked cold'
[[ $OUT == *locked* ]] || fail "get, locked cold: $OUT"
unlock
has a.example ada word-one
