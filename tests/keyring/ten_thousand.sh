#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An index of ten thousand servers makes a `get` from the keyring hardly more work than one of a single
# server: at most fifteen million instructions, some 3 ms.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session
store host-00000.example ada s3
lists '{"host-00000.example": "ada"}'

# Of a sanitized program the system calls are counted.
limit=15000000
! sanitized || limit=100
printf host-00000.example >"$LAB/request"
for many in 1 10000; do
  jq -rn --argjson many "$many" '"docker-credential-keyring index 1", "store\tkeyring\tcomplete\t",
    (range($many) | "server\thost-\("0000\(.)"[-5:]).example\tkeyring\t"), "end"' >"$(index_file)"
  INPUT=$LAB/request work get
  equal 0 "$STATUS" "exit of get of $many"
  printf 'get, one of %s: %s\n' "$many" "$WORK"
  works+=("$WORK")
done
at_most "$limit" $((works[1] - works[0])) 'more work with ten thousand than with one'
