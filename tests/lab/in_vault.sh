#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# in_vault.sh COMMAND…: runs it in a private world without a bus, with a vault that a key file opens, and
# exits as it does.
LAB_LEAKS=1
. "${BASH_SOURCE[0]%/*}/lab.sh" || exit 1

# Not the scratch folder: the caller's paths hold good.
cd "$OLDPWD" || exit 1
docker-credential-keyring vault create --key-file "$HOME/key" >"$LAB/vault.log" 2>&1 ||
  fail "vault create: $(<"$LAB/vault.log")"
status=0
"$@" || status=$?
exit "$status"
