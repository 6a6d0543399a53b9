#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ten thousand credentials work, and `get` takes less than 30 ms more than with one (under a sanitizer:
# a second).
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

limit=30
! sanitized || limit=1000
make_key_file "$KEY_FILE"
for many in 1 10000; do
  mkdir -m 0700 "$LAB/$many"
  "$READER" make "$LAB/$many/vault" --key-file "$KEY_FILE" --path "$KEY_FILE" --many "$many"
done
(($(stat -c %s "$LAB/10000/vault") < 2000000)) || fail 'ten thousand take more than 2 MB'

# at MANY COMMAND…: on that vault, with an index of its own.
at() {
  DOCKER_CREDENTIAL_KEYRING_VAULT=$LAB/$1/vault XDG_STATE_HOME=$LAB/$1/state "${@:2}"
}
at 10000 has host-00000.example user-00000 secret-00000-of-many
at 10000 has host-09999.example user-09999 secret-09999-of-many
at 10000 has https://host-05000.example/v2/ user-05000 secret-05000-of-many
at 10000 has_not host-10000.example
at 10000 call list
equal 10000 "$(jq length "$LAB/out")" 'servers listed'
at 1 call list

# Both indexes are complete now. What a call computes, in milliseconds, by eleven in turn: a busy machine
# makes it dearer than it is, never cheaper, so another round may show it.
printf host-00000.example >"$LAB/request"
computing() {
  local TIMEFORMAT='%3U %3S' user system
  { time at "$1" docker-credential-keyring get <"$LAB/request" >"$LAB/out" 2>"$LAB/err"; } 2>"$LAB/times" ||
    fail "get of $1"
  read -r user system <"$LAB/times"
  COMPUTED=$((10#${user/./} + 10#${system/./}))
}
for _ in {1..4}; do
  one=0 many=0
  for _ in {1..11}; do
    computing 1
    one=$((one + COMPUTED))
    computing 10000
    many=$((many + COMPUTED))
  done
  printf 'eleven times get: %s ms of one, %s ms of ten thousand\n' "$one" "$many"
  ((many - one > 11 * limit)) || break
done
at_most $((11 * limit)) $((many - one)) 'milliseconds that eleven calls take more than of one'

# One more is stored, and one erased.
VAULT=$LAB/10000/vault
at 10000 store new.example ada s3
at 10000 erase host-05000.example
equal '[10000,"s3",null]' \
  "$(dump '.credentials | [length, .["new.example"].secret, .["host-05000.example"]]')" 'after a store and an erase'
