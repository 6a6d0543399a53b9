#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Inside a user namespace, as rootless podman runs helpers: there we are uid 0, and the bus is not root's.
. "${BASH_SOURCE[0]%/*}/../lab/lab.sh" || exit 1

start_session
store a.example ada s3
rm -f "$LAB/bin/docker-credential-keyring"
# shellcheck disable=SC2016
printf '#!/bin/sh\nexec unshare --user --map-root-user "$HELPER" "$@"\n' >"$LAB/bin/docker-credential-keyring"
chmod 0755 "$LAB/bin/docker-credential-keyring"
unshare --user --map-root-user true || fail 'expected user namespaces to be allowed on this machine'
has a.example ada s3
has_not stranger.example
store b.example bob t4
lists '{"a.example": "ada", "b.example": "bob"}'
erase a.example
has_not a.example
