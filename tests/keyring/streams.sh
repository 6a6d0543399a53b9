#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Odd stdin, stdout and stderr: no hang, no crash, and no secret in a place that was not meant for it.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

secret=Tr0ub4dor-here
start_session
store a.example ada "$secret"
printf a.example >"$LAB/server"

# try ACTION, with the redirections of the caller.
try() {
  LAST_CALL="$* with odd streams"
  STATUS=0
  timeout -k 5 "$LIMIT" docker-credential-keyring "$@" || STATUS=$?
}

# fails WHAT: an exit that says so; being ended by SIGPIPE is one.
fails() {
  case $STATUS in
  1 | 141) ;;
  *) fail "$1: expected exit 1, got $STATUS" ;;
  esac
  [[ ! -s $LAB/err ]] || ! grep -E 'Sanitizer|runtime error:' "$LAB/err" || fail 'a sanitizer complains'
}

# list reads no stdin: docker-py leaves it open.
mkfifo "$LAB/open"
exec 5<>"$LAB/open"
try list <&5 >"$LAB/out" 2>"$LAB/err"
equal '{"a.example":"ada"}' "$(<"$LAB/out")" 'list, stdin open'
echo unused >&5
try list <&5 >"$LAB/out" 2>"$LAB/err"
equal '{"a.example":"ada"}' "$(<"$LAB/out")" 'list, stdin unused'
read -r -t 1 -u 5 line || fail 'list read its stdin'
equal unused "$line" 'what list left in stdin'
exec 5>&-
call list unused
equal '{"a.example":"ada"}' "$OUT" 'list, stdin unused'

# GLib's debug variables must not reach stdout.
export G_MESSAGES_DEBUG=all G_DBUS_DEBUG=all
jq -c . <<<"$(credential a.example ada "$secret")" >"$LAB/expected"
try get <"$LAB/server" >"$LAB/out" 2>"$LAB/err"
equal 0 "$STATUS" 'exit'
same_file "$LAB/expected" <(jq -c . "$LAB/out") 'get with debug'
equal 1 "$(wc -l <"$LAB/out")" 'lines of get with debug'
try list <"$LAB/server" >"$LAB/out" 2>"$LAB/err"
equal '{"a.example":"ada"}' "$(<"$LAB/out")" 'list with debug'
printf stranger.example >"$LAB/stranger"
try get <"$LAB/stranger" >"$LAB/out" 2>"$LAB/err"
printf '%s\n' "$NOT_FOUND" >"$LAB/expected"
same_file "$LAB/expected" "$LAB/out" 'get of an unknown server with debug'
credential b.example bob t4 >"$LAB/request"
try store <"$LAB/request" >"$LAB/out" 2>"$LAB/err"
equal 0 "$STATUS" 'exit of store with debug'
equal '' "$(<"$LAB/out")" 'store with debug'
unset G_MESSAGES_DEBUG G_DBUS_DEBUG

# A full disk behind stdout.
for action in get list version --help nonsense; do
  try "$action" <"$LAB/server" >/dev/full 2>"$LAB/err"
  fails "$action, stdout full"
done

# Descriptors that are closed: what is opened first must not take their place.
untouched() {
  ! grep -rlF "$secret" "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR" --exclude-dir=keyrings --exclude-dir=keyring ||
    fail "the secret got into a file, $1"
  has a.example ada "$secret"
}
for action in get list version; do
  try "$action" <"$LAB/server" 2>"$LAB/err" >&-
  fails "$action, stdout closed"
  untouched "$action, stdout closed"
  try "$action" <"$LAB/server" 2>&- >&-
  fails "$action, stdout and stderr closed"
  untouched "$action, stdout and stderr closed"
done
try get <"$LAB/server" >"$LAB/out" 2>&-
equal 0 "$STATUS" 'exit of get, stderr closed'
equal "$secret" "$(jq -r .Secret <"$LAB/out")" 'get, stderr closed'
for action in get store erase; do
  try "$action" <&- >"$LAB/out" 2>"$LAB/err"
  fails "$action, stdin closed"
  untouched "$action, stdin closed"
done
try list <&- >"$LAB/out" 2>"$LAB/err"
equal 0 "$STATUS" 'exit of list, stdin closed'
try get <&- >&- 2>&-
fails 'get, all closed'
untouched 'get, all closed'

# stdin that cannot be read, and stdout that cannot be written.
try get </ >"$LAB/out" 2>"$LAB/err"
fails 'get, stdin a folder'
try get <"$LAB/server" 2>"$LAB/err" 1</dev/null
fails 'get, stdout open for reading'

# A reader that goes away: before the answer, and in the middle of one that fills the pipe.
get_and_note() {
  STATUS=0
  timeout -k 5 "$LIMIT" docker-credential-keyring get <"$LAB/server" 2>"$LAB/err" || STATUS=$?
  echo "$STATUS" >"$LAB/status"
}
{
  wait_until test -e "$LAB/gone"
  get_and_note
} | {
  exec <&-
  : >"$LAB/gone"
}
STATUS=$(<"$LAB/status")
fails 'get, reader gone'
head -c 1000000 /dev/zero | tr '\0' x | jq -Rc '{ServerURL: "big.example", Username: "u", Secret: .}' \
  >"$LAB/request"
try store <"$LAB/request" >"$LAB/out" 2>"$LAB/err"
equal 0 "$STATUS" 'exit of store'
printf big.example >"$LAB/server"
get_and_note | dd bs=1 count=1 status=none >"$LAB/first"
STATUS=$(<"$LAB/status")
fails 'get of much, reader gone'
