#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A fault at each call to the keyring, of each command that uses one: the same tenth each time of what
# tests/faults/bus does.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

"$LAB_SOURCE/../faults/bus" --every 10 || fail 'a fault has another outcome than it may have; see above'
