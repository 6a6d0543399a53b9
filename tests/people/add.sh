#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `add`: a login for one or several servers, from stdin or from the terminal, by docker's rules.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

make_vault_with_key
add() { INPUT=$LAB/password run docker-credential-keyring add "$@" --password-stdin; }

# --- one final line end is not part of it
for end in '' '\n' '\r\n'; do
  printf 'pass word%b' "$end" >"$LAB/password"
  add reg.example:5000 -u ada
  exits 0 "add, line end «$end»"
  says 'stored reg.example:5000 for ada in the vault'
  has reg.example:5000 ada 'pass word'
done
printf 'two\n\n' >"$LAB/password"
add reg.example:5000 --username ada
has reg.example:5000 ada $'two\n'
says_not 'pass word'

# --- several servers, one login: what a Nexus has
printf 'pull-word' >"$LAB/password"
add nexus.example nexus.example:8082 nexus.example:8086 -u ci
exits 0 'add of three'
for server in nexus.example nexus.example:8082 nexus.example:8086; do has "$server" ci pull-word; done
# The newest counts, in whatever spelling.
printf 'other' >"$LAB/password"
add https://nexus.example:8082/v2/ -u bob
has nexus.example:8082 bob other
has nexus.example ci pull-word

# --- who does not ask this program yet is told once
hint='docker-credential-keyring migrate'
mkdir -p "$HOME/.docker"
add nexus.example nexus.example:8082 -u ci
equal 1 "$(grep -c "$hint" "$LAB/err")" 'hints that say migrate'
says 'not ask for it yet'
run docker-credential-keyring migrate
exits 0 migrate
add nexus.example -u ci
says_not "$hint"
printf '{"credsStore": "keyring", "credHelpers": {"nexus.example": "pass"}}' >"$HOME/.docker/config.json"
add nexus.example -u ci
says "$hint"

# --- refused, and nothing stored
refused() {
  exits 2 "$1"
  call list
  [[ $OUT != *new.example* ]] || fail "$1 stored something"
}
: >"$LAB/password"
add new.example -u ada
says 'password is empty'
refused 'an empty password'
printf '\n' >"$LAB/password"
add new.example -u ada
refused 'a password that is a line end'
printf 'a\xff' >"$LAB/password"
add new.example -u ada
refused 'a password that is not UTF-8'
printf 'a\0b' >"$LAB/password"
add new.example -u ada
refused 'a password with a NUL'
printf 'word' >"$LAB/password"
for server in '' 'new .example' $'new.example\nx'; do
  add "$server" -u ada
  refused "the server «$server»"
done
add -u ada
refused 'no server'
add new.example
refused 'no user'
run docker-credential-keyring add new.example -u ada
exits 1 'add without a terminal'
says --password-stdin

# --- asked for at the terminal, not shown
at_terminal --answer 'typed word' -- docker-credential-keyring add new.example -u ada
exits 0 'add at a terminal'
[[ $SCREEN == *'Password of ada for new.example'* && $SCREEN != *'typed word'* ]] || fail "the screen: «$SCREEN»"
has new.example ada 'typed word'
at_terminal --answer '' -- docker-credential-keyring add other.example -u ada
exits 2 'add, nothing typed'
has_not other.example

# --- the second of three cannot be written: what was stored is said, and what was not
printf 'new-word' >"$LAB/password"
INPUT=$LAB/password traced -e trace=fsync -e inject=fsync:error=EIO:when=3 -- \
  docker-credential-keyring add a.example b.example c.example -u ada --password-stdin
exits 3 'add, the second fails'
says 'stored a.example for ada in the vault' 'not stored: b.example, c.example'
has a.example ada new-word
for server in b.example c.example; do has_not "$server"; done

# --- a store that cannot be written
rm -r "$KEY_FILE"
add locked.example -u ada
exits 1 'add into a locked vault'
