#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which store: in a user namespace, as rootless podman runs helpers, the helper works on the user's bus and
# on the user's vault.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

unshare --user --map-root-user true || fail 'expected user namespaces to be allowed on this machine'
quick_vault_with_key --credential outside.example ada s3
has outside.example ada s3
rm -f "$LAB/bin/docker-credential-keyring"
# shellcheck disable=SC2016
printf '#!/bin/sh\nexec unshare --user --map-root-user "$HELPER" "$@"\n' >"$LAB/bin/docker-credential-keyring"
chmod 0755 "$LAB/bin/docker-credential-keyring"

has outside.example ada s3
has_not stranger.example
store inside.example bob t4
reads '{"inside.example": ["bob", "t4"], "outside.example": ["ada", "s3"]}'
equal '600 0' "$(stat -c '%a %u' "$VAULT" | sed "s/ $EUID\$/ 0/")" 'mode and owner of the vault'

start_session
store on-the-bus.example eve u5
equal 1 "$(items server on-the-bus.example)" 'items in the keyring'
lists '{"inside.example": "bob", "on-the-bus.example": "eve", "outside.example": "ada"}'
erase inside.example
reads '{"outside.example": ["ada", "s3"]}'
