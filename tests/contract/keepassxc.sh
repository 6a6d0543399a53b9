#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The contract of a store on KeePassXC, whose database is open.
. "${BASH_SOURCE[0]%/*}/../keyring/keepassxc_lab.sh" || exit 1

make_database
start_bus
start_keepassxc pw1
wait_until opened
may_ask # it makes and deletes items through prompts, which it answers itself
timeout -k 5 "$LIMIT" "$CONTRACT"
