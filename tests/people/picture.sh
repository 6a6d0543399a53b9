#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README's picture shows what the program says today: the session that it was drawn from is held anew, and has the same
# text, and the same picture comes of it.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

project=${LAB_SOURCE%/tests/lab}
picture=$project/packaging/picture
text() { python3 "$picture/picture.py" text "$1"; }

# is_current FILE
is_current() {
  local differences
  text "$1" >"$LAB/shown"
  differences=$(diff -U 1 --label 'in the picture' "$LAB/shown" --label 'said today' "$LAB/said") ||
    fail "$(printf '%s\n' "the picture is not of this program; packaging/picture/draw makes it anew" "$differences")"
  same_file "$1" "$LAB/today.svg" 'the picture, which is to be as packaging/picture/draw makes it'
}

# not_current EXPRESSION: after sed, the picture is not current any more, and it is said how to make it anew.
not_current() {
  sed "$1" "$picture/picture.svg" >"$LAB/changed.svg"
  ! cmp -s "$picture/picture.svg" "$LAB/changed.svg" || fail "$1: changes nothing"
  ! (is_current "$LAB/changed.svg") 2>"$LAB/complaint" || fail "$1: taken for the picture of today"
  [[ $(<"$LAB/complaint") == *packaging/picture/draw* ]] || fail "$1: $(clip "$LAB/complaint")"
}

"$picture/draw" "$LAB/today.svg" || fail 'packaging/picture/draw failed'
text "$LAB/today.svg" >"$LAB/said"
is_current "$picture/picture.svg"

# --- and it would be seen if it were not
not_current 's/logins moved/logins were moved/'
not_current 's/>vault: none</>vault: missing</'
not_current '/>SERVER</d'
not_current 's/ class="good"//'

# --- README shows it
[[ $(<"$project/README.md") == *'](packaging/picture/picture.svg)'* ]] || fail 'README.md does not show the picture'
