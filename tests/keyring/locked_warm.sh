#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A keyring that was open and got locked: its items still show what they are.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1
# shellcheck source=../lab/locked.sh
. "$LAB_SOURCE/locked.sh"

tell_all lock_warm
