#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that clevis opens, on a machine that lacks a part of clevis.
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
. "$here/../vault/clevis_lab.sh" || exit 1
. "$here/doctor_lab.sh" || exit 1

ours
start_tang one
vault create --clevis tang "{\"url\":\"$TANG_URL\",\"thp\":\"$TANG_THP\"}"
exits 0 'vault create'
healthy tang
vault lock
healthy 'tang, locked'
found vault-locked info

# nothing to be found where the program was
mount --bind /dev/null /usr/bin/clevis-decrypt-tang
finds vault-clevis-missing problem clevis-decrypt-tang
[[ $(field vault-clevis-missing command) == *'apt-get install clevis' ]] ||
  fail "expected the package to be named, got «$(field vault-clevis-missing command)»"
mount --bind /dev/null /usr/bin/clevis
finds vault-clevis-missing problem 'clevis is not installed'
umount /usr/bin/clevis /usr/bin/clevis-decrypt-tang
finds_not vault-clevis-missing
settings '{"clevis": "/nonexistent/clevis"}'
finds vault-clevis-missing problem /nonexistent/clevis
