#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A kubelet whose configuration has no args for this provider (kubernetes/website#27814, k3s#14039): it logs
# stderr alone, which says what is missing. By another name in its folder of providers it answers as well.
. "${BASH_SOURCE[0]%/*}/../kubelet/kubelet_lab.sh" || exit 1

quick_vault_with_key --credential reg.example ada s1
printf '{"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1","image":"%s"}' \
  reg.example/team/app >"$LAB/request"
ln -s "$HELPER" "$LAB/bin/own-provider"
INPUT=$LAB/request run docker-credential-keyring
exits 1 'no args'
equal 'Usage: docker-credential-keyring <store|get|erase|list|version>' "$OUT" 'stdout without args'
[[ $ERR == *kubelet*--print-config* ]] || fail 'expected the way to the right configuration'
INPUT=$LAB/request run own-provider kubelet
exits 0 'another name'
equal '{"reg.example":{"username":"ada","password":"s1"}}' "$(jq -c .auth "$LAB/out")" 'what is answered'
