#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each finding that doctor can make is produced for real by a story; at least ten of them are mended by
# the very command that it prints. The program's own table says which there are.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

here=$LAB_SOURCE/../doctor

"$FINDINGS" | sort >"$LAB/made"
grep -ohE '(found|finds|mended| --) [a-z-]+ (problem|warning|info)\b' "$here"/*.sh |
  awk '{ print $2 }' | sort -u >"$LAB/found"
grep -ohE '(mended| --) [a-z-]+ (problem|warning|info)\b' "$here"/*.sh | awk '{ print $2 }' |
  sort -u >"$LAB/mended"
(($(wc -l <"$LAB/made") > 30)) || fail 'expected more findings in the table'
equal '' "$(comm -23 "$LAB/made" "$LAB/found" | paste -sd ' ')" 'findings that no story makes'
equal '' "$(comm -13 "$LAB/made" "$LAB/found" | paste -sd ' ')" 'findings that only stories know'
(($(wc -l <"$LAB/mended") >= 10)) || fail 'expected ten findings to be mended'
