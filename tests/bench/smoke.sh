#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The bench works: its tables are whole, every cell a number. A program whose answers are wrong gets no
# table. How quick anything is, is not judged.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

BENCH=$SOURCE_DIR/tests/bench/run
number='[0-9][0-9,]*(\.[0-9]+)?(e-[0-9]+)?'

bench() {
  STATUS=0
  "$BENCH" --smoke >"$LAB/out" 2>"$LAB/err" || STATUS=$?
}

# row WHAT WHO CELLS: there is one such row, with these cells, an n for a number, a - for none; a dot
# is the end of the row.
row() {
  local cells=${3//-/ – [|]}
  cells=${cells//n/ $number [|]}
  cells=${cells/%./$}
  equal 1 "$(grep -cE "^\| $1 \| $2 \|$cells" "$LAB/out")" "rows of $1 by $2 with the cells $3"
}

# Debian's valgrind does not know every processor: on some it ends Go's start by SIGILL, and then, and
# only then, no instructions of its helpers are counted.
go_row=nnnnnn
status=0
GODEBUG=asyncpreemptoff=1 valgrind --tool=none docker-credential-secretservice version >"$LAB/out" 2>&1 || status=$?
((status != 132)) || go_row=nnnn-n

bench
equal 0 "$STATUS" "exit of the bench: $(<"$LAB/err")"
keyring='ours, keyring' vault='ours, vault with a key file' open='ours, open vault'
official=docker-credential-secretservice pass=docker-credential-pass
row 'start and end' /bin/true nnnnn-
row 'connect, Hello' 'a C program on sd-bus' nnnnn-
row version ours nnnnnn
for who in "$official" "$pass"; do row version "$who" "$go_row"; done
for what in 'get, hit' 'get, miss' store erase 'list of 3'; do
  for who in "$keyring" "$vault" "$open"; do row "$what" "$who" nnnnnn; done
  row "$what" "$official" "$go_row"
  row "$what" "$pass" nnnn-n
done
row 'get, hit' 'ours, through a forward' nnnnnn
for who in "$keyring" "$vault" "$open" "$official" "$pass"; do
  row 'list, get each of 3' "$who" nnnn-n
done
for who in "$keyring" "$vault" 'shell loop'; do
  row 'migrate 3' "$who" nnnn-n
  row 'migrate 4' "$who" nnn--n
done
for what in 'get, hit' list; do
  for who in "$keyring" "$official"; do row "$what" "$who" nnn-.; done
  row "$what" "$vault" nnnn.
done
equal 14 "$(grep -oE ', at most [0-9.]+: (met|\*\*missed\*\*)' "$LAB/out" | wc -l)" 'verdicts'
# Both tables, their heads, a line about the machine, and two empty ones.
equal $((2 + 3 + 5 * 5 + 1 + 5 + 6 + 6 + 4 + 3)) "$(wc -l <"$LAB/out")" 'lines'

# --- a program that gives wrong secrets
cat >"$LAB/bin/pass" <<'END'
#!/bin/sh
[ "$1" != show ] || exec echo wrong
exec "$HONEST" "$@"
END
chmod 0755 "$LAB/bin/pass"
HONEST=$PASS PASS=$LAB/bin/pass
export HONEST
bench
((STATUS)) || fail 'a liar is measured'
equal '' "$(<"$LAB/out")" 'the table of a liar'
grep -q "^bench: $pass get in " "$LAB/err" || fail "who lied? $(<"$LAB/err")"
