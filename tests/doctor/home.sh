#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Home, which is asked through a socket: what it answers for, and why it does not answer.
. "${BASH_SOURCE[0]%/*}/doctor_lab.sh" || exit 1

ours
make_vault_with_key
store a.example ada word-one
printf '%s\n' word-one >>"$LAB/secrets"
healthy 'no socket'
export DOCKER_CREDENTIAL_KEYRING_SOCKET=$LAB/socket
finds home-absent warning "$LAB/socket is not there"
start forward docker-credential-keyring forward a.example --socket "$LAB/socket"
wait_until test -S "$LAB/socket"
healthy 'home answers'
run docker-credential-keyring doctor
says 'home: answers for a.example'
end_process "$STARTED"
: >"$LAB/socket"
finds home-absent warning "$LAB/socket is no socket"
DOCKER_CREDENTIAL_KEYRING_STORE=vault healthy 'the setting asks no socket'
