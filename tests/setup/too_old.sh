#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packaging/setup on a system that has a library only older than the build needs: it says which, before it changes
# anything.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

mkdir -p "$LAB/project"
cp -R "$SOURCE_DIR"/{packaging,debian} "$LAB/project/"
printf '#!/bin/sh\necho "$@" >>"%s"\n' "$LAB/calls" >"$LAB/bin/apt-get"
cp "$LAB/bin/apt-get" "$LAB/bin/cmake"
chmod 0755 "$LAB/bin/apt-get" "$LAB/bin/cmake"
: >"$LAB/calls"

# shellcheck disable=SC2034 # read by lab.sh
setup() {
  LAST_CALL="setup $*" STATUS=0
  timeout -k 5 "$LIMIT" "$LAB/project/packaging/setup" "$@" </dev/null >"$LAB/out" 2>"$LAB/err" || STATUS=$?
  OUT=$(<"$LAB/out") ERR=$(<"$LAB/err")
}

sed -i 's/ nlohmann-json3-dev.*,/ nlohmann-json3-dev (>= 99),/' "$LAB/project/debian/control"
for option in --dry-run ''; do
  # shellcheck disable=SC2086
  setup $option
  equal 1 "$STATUS" "exit of setup $option"
  [[ $ERR == *'too old'*'nlohmann-json3-dev is 3.'*' here, and 99 is needed'*'release static'* ]] ||
    fail 'expected the library to be named'
done
equal '' "$(<"$LAB/calls")" 'what was called'
