#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The contract of a store on KWallet, whose wallet the login has opened.
. "${BASH_SOURCE[0]%/*}/../keyring/kwallet_lab.sh" || exit 1

start_kwallet_session
may_ask # it shows a wallet as locked until somebody asks, and then opens it without a dialog
timeout -k 5 "$LIMIT" "$CONTRACT"
