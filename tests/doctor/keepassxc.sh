#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# KeePassXC is known by its name, and not asked to unlock.
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
. "$here/doctor_lab.sh" || exit 1
. "$here/../keyring/keepassxc_lab.sh" || exit 1

ours
start_bus
make_database
settings '{"reply_timeout_s": 60}' # it is slow where the machine is
start_keepassxc pw1
wait_until opened
may_ask
healthy open
equal KeePassXC "$(fact .keyring.provider)" provider
equal false "$(fact .keyring.locked)" locked
store a.example ada word-one
healthy 'with a login'
equal '["a.example"]' "$(jq -c '[.facts.logins[].server]' "$LAB/findings")" servers

end_process "$KEEPASSXC_PID"
start_keepassxc ''
wait_until closed
watch_waits
healthy locked
waited_at_most 5000 'locked'
equal true "$(fact .keyring.locked)" locked
equal '["a.example"]' "$(jq -c '[.facts.logins[].server]' "$LAB/findings")" 'servers while it is locked'
