#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `remove`: what is stored for a server goes, in every spelling; what is not there is said.
. "${BASH_SOURCE[0]%/*}/../vault/vault_lab.sh" || exit 1

make_vault_with_key
remove() { run docker-credential-keyring remove "$@"; }

store https://reg.example ada s3
store reg.example:5000 bob t4
store other.example eve u5
remove REG.example
exits 0 'remove in another spelling'
says 'removed https://reg.example'
has_not https://reg.example
has reg.example:5000 bob t4

remove reg.example
exits 1 'remove of what is not there'
says 'no login was known for reg.example'
remove reg.example other.example
exits 3 'remove of one that is there and one that is not'
has_not other.example
remove
exits 2 'remove of nothing'

# A locked store is never said to have nothing.
mv "$KEY_FILE" "$LAB/key"
remove reg.example:5000
exits 1 'remove, locked'
says locked
mv "$LAB/key" "$KEY_FILE"
has reg.example:5000 bob t4
