#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Ten thousand credentials work, and `get` takes little more work than with one: at most
# thirty million instructions, some 5 ms.
. "${BASH_SOURCE[0]%/*}/vault_lab.sh" || exit 1

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

# Both indexes are complete now. Of a sanitized program the system calls are counted.
limit=30000000
! sanitized || limit=500
printf host-00000.example >"$LAB/request"
for many in 1 10000; do
  INPUT=$LAB/request at "$many" work get
  equal 0 "$STATUS" "exit of get of $many"
  printf 'get, one of %s: %s\n' "$many" "$WORK"
  works+=("$WORK")
done
at_most "$limit" $((works[1] - works[0])) 'more work with ten thousand than with one'

# One more is stored, and one erased.
VAULT=$LAB/10000/vault
at 10000 store new.example ada s3
at 10000 erase host-05000.example
equal '[10000,"s3",null]' \
  "$(dump '.credentials | [length, .["new.example"].secret, .["host-05000.example"]]')" 'after a store and an erase'
