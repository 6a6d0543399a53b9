#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where the bus is: $DBUS_SESSION_BUS_ADDRESS in the spellings that D-Bus knows, else the socket `bus` in
# the runtime folder; one that would have to be launched is none.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus "$XDG_RUNTIME_DIR/bus"
start_keyring pw1
address=unix:path=$XDG_RUNTIME_DIR/bus
store a.example ada s3
DBUS_SESSION_BUS_ADDRESS=$address,guid=0123456789abcdef0123456789abcdef
call get a.example # libdbus checks such a guid, GLib does not: either will do
DBUS_SESSION_BUS_ADDRESS=
has a.example ada s3
unset DBUS_SESSION_BUS_ADDRESS
has a.example ada s3
store b.example bob t4
lists '{"a.example": "ada", "b.example": "bob"}'
erase b.example

# The address is a list; the first that answers counts.
DBUS_SESSION_BUS_ADDRESS="unix:path=$LAB/nothing;$address" has a.example ada s3

# Left from a session that has ended: the bus in the runtime folder is the one, unless there is none.
/usr/bin/python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$LAB/left"
for stale in "unix:path=$LAB/gone" "unix:path=$LAB/left" "unix:path=$LAB/gone,guid=00;unix:path=$LAB/left"; do
  DBUS_SESSION_BUS_ADDRESS=$stale has a.example ada s3
done
# It is switched off on purpose.
for off in disabled: unix:path=/dev/null; do
  DBUS_SESSION_BUS_ADDRESS=$off call get a.example
  failed "get, $off"
done

# Never launched, whatever could be.
for DBUS_SESSION_BUS_ADDRESS in autolaunch: autolaunch:scope=user 'autolaunch:;autolaunch:'; do
  export DBUS_SESSION_BUS_ADDRESS
  for DISPLAY in '' :4711; do
    export DISPLAY
    has_not stranger.example
    erase stranger.example
    call get a.example
    call list
    equal 0 "$STATUS" 'exit of list'
    [[ ! -e $LAB/dbus-launch.called ]] || fail 'dbus-launch was called'
  done
done
unset DBUS_SESSION_BUS_ADDRESS DISPLAY
[[ ! -e $HOME/.dbus ]] || fail "expected no $HOME/.dbus"

# A runtime folder whose name means something in an address.
stop_keyring
odd="$LAB/r,u;n %=é"
mkdir -m 0700 "$odd"
mv "$XDG_RUNTIME_DIR/bus" "$odd/bus"
XDG_RUNTIME_DIR=$odd
DBUS_SESSION_BUS_ADDRESS="unix:path=$LAB/r%2cu%3bn%20%25%3d%c3%a9/bus"
start_keyring pw1
has a.example ada s3
unset DBUS_SESSION_BUS_ADDRESS
has a.example ada s3

# No runtime folder at all.
unset XDG_RUNTIME_DIR
has_not stranger.example
call get a.example
failed 'get, no bus'
