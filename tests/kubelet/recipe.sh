#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README's recipe for a Kubernetes node, less the package: its kubelet gets the login that its file had.
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"

mkdir -p "$LAB/var/lib/kubelet" "$LAB/etc/kubernetes"
printf '{"auths":{"nexus.example.com:8083":{"auth":"%s"}}}' "$(printf 'ci:word-one' | base64)" \
  >"$LAB/var/lib/kubelet/config.json"
chmod 600 "$LAB/var/lib/kubelet/config.json"
HERE+=(-e '/^apt /d' -e "s|/etc/|$LAB/etc/|g; s|/var/lib/|$LAB/var/lib/|g")
follow node
! grep -q auth\" "$LAB/var/lib/kubelet/config.json" || fail 'the login is in the file still'
plays_kubelet "$LAB/etc/kubernetes/credential-provider.yaml" nexus.example.com:8083/team/app
grep -q word-one "$LAB/pulls" || fail "the kubelet got: $(<"$LAB/pulls")"
