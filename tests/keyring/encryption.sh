#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No secret crosses the bus in clear where the service can encrypt.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
start monitor dbus-monitor --session --binary
secret=Tr0ub4dor-never-in-clear

round() {
  store a.example ada "$secret"
  has a.example ada "$secret"
  lists '{"a.example": "ada"}'
  store a.example bob "$secret"
  erase a.example
}

seen() { grep -aq "$1" "$LAB/monitor.log"; }

wait_until test -s "$LAB/monitor.log"
start_fake
round
calls_are 0 'session algorithm=plain'
(($(calls 'session algorithm=dh'))) || fail 'expected encrypted sessions, got none'
stop_fake
start_keyring pw1
round
stop_keyring
wait_until seen a.example
! seen "$secret" || fail 'the secret crossed the bus in clear'

# The monitor would have seen it.
start_fake --dh refused
round
wait_until seen "$secret"
