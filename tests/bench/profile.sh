#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The profile names what takes the time of a call, and it adds up to what the call takes.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

"$SOURCE_DIR/tests/bench/run" --profile 4 >"$LAB/out" 2>"$LAB/err" || fail "the bench: $(<"$LAB/err")"

# cell ROW COLUMN: in hundredths of a millisecond.
cell() { awk -F ' *\\| *' -v row="$1" -v column="$2" '$2 == row { printf "%d", $column * 100 }' "$LAB/out"; }

hit=3 miss=4 list=7 vault=8
for row in 'start: exec, loader' 'settings, index, which store' 'answer to OpenSession' \
  'our Diffie-Hellman' 'answer to GetSecret' exit; do
  (($(cell "$row" "$hit") > 0)) || fail "get has no time for: $row"
done
(($(cell 'answer to SearchItems' "$miss") > 0)) || fail 'a get that finds nothing has no time for: answer to SearchItems'
equal 0 "$(cell 'answer to OpenSession' "$miss")" 'a session for a get that finds nothing'
equal 0 "$(cell 'our Diffie-Hellman' "$list")" 'encryption in list, which reads no secret'
equal 0 "$(cell 'answer to SearchItems' "$vault")" 'calls on a bus for the vault'
sum=$(awk -F ' *\\| *' 'NR > 2 && !/without milestones/ { sum += $3 } END { printf "%d", sum * 100 }' "$LAB/out")
whole=$(cell 'all, without milestones' "$hit")
((sum > whole / 2 && sum < whole * 4)) || fail "the parts of get are $sum, and all of it $whole"
