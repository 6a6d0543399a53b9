#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The contract of a store on a keyring that is locked (warm) until its one prompt is answered.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_bus
answer_prompts ok
start_keyring pw1
lock_warm
may_ask
timeout -k 5 "$LIMIT" "$CONTRACT"
prompts_are 1 'the whole contract'
