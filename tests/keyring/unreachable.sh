#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No keyring to be reached: a server that nobody stored is "not found" and docker pulls on, without a word
# where the index knows all; one that the index names is an error. Nothing hangs, nothing is launched.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

settings '{"reply_timeout_s": 1}'
start_session
store known.example ada s3
end_process "$KEYRING_PID"
end_process "$BUS_PID"

watch_waits
unreachable() {
  call get stranger.example
  not_found "get of an unknown server, $1"
  equal '' "$ERR" "stderr of get of an unknown server, $1"
  call erase stranger.example
  done_silently "erase of an unknown server, $1"
  equal '' "$ERR" "stderr of erase of an unknown server, $1"
  call get known.example
  failed "get of a stored server, $1"
  call erase known.example
  failed "erase of a stored server, $1"
  call store "$(credential new.example bob t4)"
  failed "store, $1"
  call list
  equal 0 "$STATUS" "exit of list, $1"
  jq -e 'type == "object"' <"$LAB/out" >/dev/null || fail "list, $1: expected an object, got «$OUT»"
  waited_at_most 8000 "list, $1"
}

unreachable 'stale socket'

# Without an index nothing is known: one line says so, and how it would be.
mv "$(index_file)" "$LAB/index.away"
call get stranger.example
not_found 'get without an index'
equal 1 "$(wc -l <"$LAB/err")" 'lines on stderr, without an index'
[[ $ERR == *'not known which logins'*'docker-credential-keyring list'* ]] || fail 'expected a way to know'
# Also where no file may grow, not even that of what was told.
status=0
answer=$(printf stranger.example | (ulimit -f 0 && exec docker-credential-keyring get) 2>/dev/null) || status=$?
equal "1 $NOT_FOUND" "$status $answer" 'get where no file may grow'
mv "$LAB/index.away" "$(index_file)"

unset DBUS_SESSION_BUS_ADDRESS
unreachable 'no bus'
DISPLAY=:4711 unreachable 'no bus, a display'

# Somebody listens who is no bus: closes at once, or says nothing.
mkfifo "$LAB/fifo"
export DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/fifo
unreachable 'no socket'
start listener /usr/bin/python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(50)
time.sleep(600)' "$LAB/silent"
wait_until test -S "$LAB/silent"
export DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/silent
unreachable 'a bus that never speaks'
DBUS_SESSION_BUS_ADDRESS=nonsense
unreachable 'no address'

start_bus "$LAB/bus2"
unreachable 'no provider'

stop_keyring
start_keyring pw1
kill -STOP "$KEYRING_PID"
unreachable 'stopped daemon'
kill -CONT "$KEYRING_PID"
has known.example ada s3
end_process "$KEYRING_PID"

start_fake --silent all
unreachable 'silent service'
stop_fake
[[ ! -e $LAB/dbus-launch.called ]] || fail 'dbus-launch was called'
