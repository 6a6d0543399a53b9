#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A vault that a passphrase opens: while it is locked the kubelet gets the reason and nobody is asked, not
# even at a terminal; other registries go on. Once it is opened, the kubelet gets what it holds.
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1

quick_vault_with_passphrase 'correct horse' \
  --credential nexus.example.com:8083 ada s3 --credential https://index.docker.io/v1/ hub h4
image=nexus.example.com:8083/team/app
write_index '{"nexus.example.com:8083": "vault", "https://index.docker.io/v1/": "vault"}'

locked() {
  asks nexus.example.com:8083/team/app
  refused locked 'a locked vault'
  says 'vault unlock'
  asks app
  refused locked 'a locked vault, Docker Hub'
  gets_nothing stranger.example/app
  gets_nothing nexus.example.com/team/app
}
locked
request "$image" >"$LAB/asked"
at_terminal --may-end -- bash -c "docker-credential-keyring kubelet <'$LAB/asked'"
exits 1 'a locked vault, at a terminal'
prompted_times 0 'a locked vault, at a terminal'
says locked

# What is in it is known without opening it.
run docker-credential-keyring kubelet --print-config
exits 0 --print-config
says '"docker.io"' '"nexus.example.com:8083"'

at_terminal --answer 'correct horse' -- docker-credential-keyring vault unlock --for 1h
exits 0 'vault unlock'
gets "$image" Registry nexus.example.com:8083 ada s3
gets docker.io/library/app Registry docker.io hub h4
vault lock
locked

# A vault that was brought here, of which nothing is known: it may hold any.
rm "$(index_file)"
asks "$image"
refused locked 'a locked vault that nobody knows'
