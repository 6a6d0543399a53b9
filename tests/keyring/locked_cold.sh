#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A keyring that nobody has unlocked since it started: its items show hashes only.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1
# shellcheck source=../lab/locked.sh
. "$LAB_SOURCE/locked.sh"

tell_all lock_cold
