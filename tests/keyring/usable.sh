#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Whether a keyring is usable is known within the time given, without asking, and the usual limits
# apply again afterwards.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

: "${PROBE:?the program made of probe.cpp}"
PROBE=$(realpath -e -- "$PROBE")

# probe MILLISECONDS: $ANSWER and $AFTERWARDS are its lines.
probe() {
  call_program "$PROBE" "$1"
  equal 0 "$STATUS" 'exit of the probe'
  { read -r ANSWER && read -r AFTERWARDS; } <"$LAB/out" || fail 'expected two lines'
  equal 2 "$(wc -l <"$LAB/out")" 'lines of the probe'
}
is() {
  probe "${3:-2000}"
  [[ $ANSWER == *"$1"* ]] || fail "$2: expected «$1», got «$ANSWER»"
}

is 'there is no D-Bus session bus' 'no bus'
start_bus
is 'cannot reach the keyring' 'no provider'

answer_prompts ok
start_keyring pw1
store known.example ada s3
is usable 'an open keyring'
equal ada "$AFTERWARDS" 'username'
for lock in lock_warm lock_cold; do
  $lock
  is 'the keyring is locked, and nobody can be asked' "$lock"
  may_ask
  forget_prompts
  is usable "$lock, somebody can be asked"
  equal ada "$AFTERWARDS" 'username'
  prompts_are 1 'the get alone'
  may_not_ask
done

# Without the module.
cp "$PROBE" "$LAB/probe"
PROBE=$LAB/probe is 'keyring.so cannot be loaded' 'no module'

# A service that does not answer, or late.
kill -STOP "$KEYRING_PID"
settings '{"reply_timeout_s": 1}'
is 'did not answer in time' 'a stopped keyring' 200
# The probe's limit and the one reply that get waits for; the grace of a busy machine.
at_most 3000 "$TOOK" 'milliseconds of the probe and a get'
stop_keyring

item='{"server": "known.example", "username": "ada", "secret": "s3"}'
settings '{}'
start_fake --delay 400 --item "$item"
is 'did not answer in time' 'a slow service, hurried: each answer takes less than the whole' 600
equal ada "$AFTERWARDS" 'username, in the usual time'
is usable 'a slow service' 3000
stop_fake

start_fake --no-collection
is 'no default collection' 'no collection'
may_ask
is usable 'no collection, somebody can be asked'
may_not_ask
stop_fake
end_process "$BUS_PID"

# Somebody listens who is no bus.
start listener /usr/bin/python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(50)
time.sleep(600)' "$LAB/silent"
wait_until 5 test -S "$LAB/silent"
settings '{"reply_timeout_s": 1}'
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/silent is 'did not answer in time' 'a silent bus' 200
at_most 3000 "$TOOK" 'milliseconds of the probe and a get'
