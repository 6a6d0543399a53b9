#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The kubelet's own config.json may name registries by globs: once such a login is stored, the kubelet is
# answered by its own matching, and its configuration names the glob. Brackets need a port.
. "${BASH_SOURCE[0]%/*}/../kubelet/kubelet_lab.sh" || exit 1

quick_vault_with_key \
  --credential '*.jfrog.example' ci s1 \
  --credential demo.jfrog.example demo s2 \
  --credential 'https://k8s.*.example/v1/' eu s3 \
  --credential '*.reg.example:5000' port s4 \
  --credential '*.*.multi.example' multi s5 \
  --credential '*.part.example/team' team s6 \
  --credential '[::1]:5000' six s7 \
  --credential '[::2]' none s8

gets demo-api.jfrog.example/apidemo Image demo-api.jfrog.example ci s1
gets demo.jfrog.example/app Image demo.jfrog.example demo s2
gets k8s.eu.example/app Image k8s.eu.example eu s3
gets a.reg.example:5000/app Image a.reg.example:5000 port s4
gets_nothing a.reg.example/app
gets a.b.multi.example/app Image a.b.multi.example multi s5
gets_nothing b.multi.example/app
gets a.part.example/team/app Image a.part.example/team team s6
gets_nothing a.part.example/other/app
has_not demo-api.jfrog.example

run docker-credential-keyring kubelet --print-config
exits 0 --print-config
says '[::2] is left out'
cp "$LAB/out" "$LAB/config.yaml"
patterns=$(/usr/bin/python3 -c '
import sys, yaml
print(*yaml.safe_load(open(sys.argv[1]))["providers"][0]["matchImages"])' "$LAB/config.yaml")
equal '*.*.multi.example *.jfrog.example *.part.example/team *.reg.example:5000 [::1]:5000 demo.jfrog.example k8s.*.example' \
  "$patterns" patterns
plays_kubelet "$LAB/config.yaml" demo-api.jfrog.example/app demo.jfrog.example/app k8s.eu.example/app \
  a.reg.example:5000/app a.b.multi.example/app a.part.example/team/app a.part.example/other/app '[::1]:5000/app' \
  '[::2]/app'
equal '["ci","demo","eu","port","multi","team",null,"six",null]' "$(pulls 'map(.credentials[0].username)')" 'who pulls'
equal '[]' "$(pulls 'map(.errors[])')" errors

# Without a part of a registry beside it, a login is for the whole of it.
erase '*.part.example/team'
gets demo-api.jfrog.example/apidemo Registry demo-api.jfrog.example ci s1

run docker-credential-keyring kubelet --print-config '[::1]:5000'
exits 0 '--print-config [::1]:5000'
[[ $OUT == *'"[::1]:5000"'* ]] || fail 'expected the address with its port'
run docker-credential-keyring kubelet --print-config '[::1]'
exits 2 '--print-config [::1]'
says '[ADDRESS]:PORT'
