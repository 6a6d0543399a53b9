#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The contract of a store on an unlocked keyring.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session
timeout -k 5 "$LIMIT" "$CONTRACT"
