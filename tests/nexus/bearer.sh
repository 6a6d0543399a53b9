#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The field case, with Nexus' token realm, whose challenge is Bearer, and the last docker client on PATH.
CLIENT='$'
. "${BASH_SOURCE[0]%/*}/case_lab.sh" || exit 1
: "${HELPER:?the program under test}"

tell_case bearer
