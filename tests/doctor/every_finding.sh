#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each finding that doctor can make is produced for real by a story; at least ten of them are mended by
# the very command that it prints. Reads the sources, so that a new one cannot be forgotten.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

here=$LAB_SOURCE/../doctor
sources=$SOURCE_DIR/helper

cat "$sources"/doctor/*.cpp | tr -s ' \n' ' ' |
  grep -oE '(push_back\( ?|Finding)\{ ?([a-z_]+ \? )?"[a-z-]+"( : "[a-z-]+")?' |
  grep -oE '"[a-z-]+"' | tr -d '"' | sort -u >"$LAB/made"
grep -ohE '(found|finds|mended| --) [a-z-]+ (problem|warning|info)\b' "$here"/*.sh |
  awk '{ print $2 }' | sort -u >"$LAB/found"
grep -ohE '(mended| --) [a-z-]+ (problem|warning|info)\b' "$here"/*.sh | awk '{ print $2 }' |
  sort -u >"$LAB/mended"
(($(wc -l <"$LAB/made") > 30)) || fail 'expected more findings in the sources'
equal '' "$(comm -23 "$LAB/made" "$LAB/found" | paste -sd ' ')" 'findings that no story makes'
equal '' "$(comm -13 "$LAB/made" "$LAB/found" | paste -sd ' ')" 'findings that only stories know'
(($(wc -l <"$LAB/mended") >= 10)) || fail 'expected ten findings to be mended'
