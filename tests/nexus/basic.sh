#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The field case, with Nexus' own challenge, Basic, and the first docker client on PATH.
. "${BASH_SOURCE[0]%/*}/case_lab.sh" || exit 1
: "${HELPER:?the program under test}"

tell_case basic
