#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A line of progress, with names, where somebody watches and there is much to do; nowhere else.
. "${BASH_SOURCE[0]%/*}/migrate_lab.sh" || exit 1

start_bus
entries=
for i in {1..40}; do entries+=${entries:+,}$(login "h$i.example" "user$i" "secret-of-$i"); done

# on_terminal [COMMAND…]: migrate with stdout and stderr on a terminal, what it shows in $LAB/screen.
on_terminal() {
  start_fake
  : >"$LAB/screen"
  TERM=xterm run script -qefc "$*" -O "$LAB/screen"
  stop_fake
  rm -rf "$HOME/.local/state"
  ! grep -qFf "$LAB/secrets" "$LAB/screen" || fail 'a secret is on the screen'
}

# has_bar, has_no_bar [FILE]
has_bar() { grep -qP '\rstored 7 of 40: h\d+\.example +\r' "$1"; }
has_no_bar() { ! grep -qP 'stored \d+ of|\r|\x1b' "$1" || fail "progress: $(clip "$1")"; }

config "{\"auths\":{$entries}}"
on_terminal docker-credential-keyring migrate
exits 0 'on a terminal'
has_bar "$LAB/screen" || fail "expected progress: $(clip "$LAB/screen")"
grep -qP '\rread back 40 of 40: h\d+\.example' "$LAB/screen" || fail 'expected the progress to come to its end'
equal 80 "$(grep -oP '\r(stored|read back) \d+ of 40: h\d+\.example' "$LAB/screen" | sort -u | wc -l)" 'logins that are named'
grep -q 'h40.example' "$LAB/screen" || fail 'expected the table on the screen'

# In a terminal that is narrow, with stdout elsewhere.
config "{\"auths\":{$entries}}"
start_fake
/usr/bin/python3 "$LAB_SOURCE/at_terminal.py" --limit "$LIMIT" --columns 42 --out "$LAB/piped" --screen "$LAB/screen" -- \
  docker-credential-keyring migrate || fail "migrate, 42 columns: $(clip "$LAB/screen")"
stop_fake
rm -rf "$HOME/.local/state"
at_most 41 "$(tr '\r' '\n' <"$LAB/screen" | awk '{ if (length($0) > most) most = length($0) } END { print most }')" \
  'the widest line of progress at 42 columns'
grep -qP '\rstored 7 of 40: h\d+\.example +\r' "$LAB/screen" || fail "progress at 42 columns: $(clip "$LAB/screen")"

# Results go to stdout: piped on, they hold no bar, which is on the terminal still.
config "{\"auths\":{$entries}}"
on_terminal "docker-credential-keyring migrate --json >'$LAB/piped'"
exits 0 'stdout in a file'
has_bar "$LAB/screen" || fail 'expected progress on the terminal'
has_no_bar "$LAB/piped"
equal 40 "$(jq '.files[0].entries | length' "$LAB/piped")" entries

config "{\"auths\":{$entries}}"
on_terminal "docker-credential-keyring migrate 2>'$LAB/piped'"
exits 0 'stderr in a file'
has_no_bar "$LAB/piped"

# Little to do.
config "{\"auths\":{$(login a.example ada secret-of-ada)}}"
on_terminal docker-credential-keyring migrate
exits 0 'one login'
! grep -q ' of 1: ' "$LAB/screen" || fail 'progress for one login'

# No terminal at all.
config "{\"auths\":{$entries}}"
start_fake
migrate
exits 0 'no terminal'
has_no_bar "$LAB/out"
equal '' "$ERR" stderr

# Colour, where there is any, goes with NO_COLOR.
config "{\"auths\":{$entries,\"bad.example\":{\"auth\":\"?\"}}}"
stop_fake
NO_COLOR=1 on_terminal docker-credential-keyring migrate
exits 3 NO_COLOR
! grep -qP '\x1b\[[0-9;]*m' "$LAB/screen" || fail 'colour in spite of NO_COLOR'
