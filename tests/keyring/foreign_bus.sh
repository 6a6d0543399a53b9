#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A bus whose socket belongs to somebody else is refused: it would see what we send. Runs as root, who
# alone can give a socket away.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

((EUID == 0)) || fail 'expected to run as root'
start_bus "$XDG_RUNTIME_DIR/bus"
start_keyring pw1
store a.example ada s3
chown 65534 "$XDG_RUNTIME_DIR/bus"
start monitor dbus-monitor --session --binary

refuses() {
  has_not stranger.example
  advised
  call get a.example
  failed "get, $1"
  call erase a.example
  failed "erase, $1"
  call store "$(credential b.example bob t4)"
  failed "store, $1"
}
refuses 'named by the environment'
DBUS_SESSION_BUS_ADDRESS=unix:path=%2ftmp/${LAB#/tmp/}/run/bus
refuses 'named by the environment with escapes'
ln -s run/bus "$LAB/link"
DBUS_SESSION_BUS_ADDRESS=unix:path=$LAB/link
refuses 'behind a link'
unset DBUS_SESSION_BUS_ADDRESS
refuses 'in the runtime folder'
! grep -aq b.example "$LAB/monitor.log" || fail 'the foreign bus saw the request'

chown 0 "$XDG_RUNTIME_DIR/bus"
has a.example ada s3
