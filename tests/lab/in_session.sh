#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# in_session.sh COMMAND…: runs it in a private world with a bus and an unlocked gnome-keyring, and
# exits as it does.
LAB_LEAKS=1
. "${BASH_SOURCE[0]%/*}/lab.sh" || exit 1

# Not the scratch folder: the caller's paths hold good.
cd "$OLDPWD" || exit 1
start_session
status=0
"$@" || status=$?
exit "$status"
