#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# kubelet --print-config: what it makes of what is stored, and of what people name; wrong use; and that
# somebody who is as strict as the kubelet takes it, and finds what it should.
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1

# prints REGISTRY…: a configuration that answers for $PATTERNS, one a line, as the kubelet reads it.
prints() {
  run docker-credential-keyring kubelet --print-config "$@"
  exits 0 "kubelet --print-config $*"
  cp "$LAB/out" "$LAB/config.yaml"
  plays_kubelet "$LAB/config.yaml"
  PATTERNS=$(/usr/bin/python3 -c '
import sys, yaml
print(*yaml.safe_load(open(sys.argv[1]))["providers"][0]["matchImages"])' "$LAB/config.yaml")
}
wrong() {
  run docker-credential-keyring kubelet "$@"
  exits 2 "kubelet $*"
  equal '' "$OUT" "stdout of kubelet $*"
  [[ -n $ERR ]] || fail "kubelet $*: expected a word on what is wrong"
}

# --- nothing is stored
run docker-credential-keyring kubelet --print-config
refused 'print-config REGISTRY' 'nothing stored'
prints quay.example
equal quay.example "$PATTERNS" patterns

# --- what is stored
quick_vault_with_key \
  --credential https://Nexus.example.com:8083/v2/ ada s3 \
  --credential https://index.docker.io/v1/ hub h4 \
  --credential https://index.docker.io/v1/access-token hub t5 \
  --credential quay.example/team bob u6 \
  --credential http://nexus.example.com:8083 una v7 \
  --credential not-a-host eve w8 \
  --credential token.example '<token>' x9
prints
equal 'docker.io nexus.example.com:8083 quay.example/team' "$PATTERNS" 'patterns of what is stored'
says 'token.example is left out'
for secret in s3 h4 t5 u6 v7 w8 x9; do
  ! grep -qF "\"$secret\"" "$LAB/config.yaml" || fail "the configuration holds $secret"
done

# --- what people name
prints '*.example.com' 'nexus.example.com:8083/' index.docker.io 'k8s.*/team'
equal '*.example.com docker.io k8s.*/team nexus.example.com:8083' "$PATTERNS" 'patterns of what is named'
for registry in https://quay.example quay nexus.example.com:x 'nexus.example.com:*' 'quay.example/*' \
  'quay?.example' 'ada@quay.example' '' ' '; do
  wrong --print-config "$registry"
done
wrong quay.example
wrong --print-configs
wrong --print-config --json

# --- the kubelet matches whole parts between dots, the port, and the beginning of the path
store a.example.com one p1
store a.example.com:444 two p2
store a.b.example.com three p3
prints '*.example.com' 'a.example.com:444' quay.example/team
plays_kubelet "$LAB/config.yaml" a.example.com/app a.example.com:444/app a.b.example.com/app \
  example.com/app a.example.com:445/app quay.example/team/app quay.example/other/app
equal '["one","two",null,null,null,"bob",null]' "$(pulls 'map(.credentials[0].username)')" 'who pulls'
equal '[1,1,0,0,0,1,0]' "$(pulls 'map(.ran | length)')" 'when the program is asked'

# --- what is set for this shell, and would not be for the kubelet
export DOCKER_CREDENTIAL_KEYRING_KEY_FILE="$LAB/the \"key\": #1" DOCKER_CREDENTIAL_KEYRING_STORE=
export CREDENTIALS_DIRECTORY=$LAB/run DOCKER_CONFIG=$LAB/run
prints quay.example
/usr/bin/python3 -c '
import json, sys, yaml
json.dump(yaml.safe_load(open(sys.argv[1]))["providers"][0]["env"], sys.stdout)' "$LAB/config.yaml" >"$LAB/env"
equal "$(jq -cn '[{name: "DOCKER_CREDENTIAL_KEYRING_KEY_FILE", value: env.DOCKER_CREDENTIAL_KEYRING_KEY_FILE}]')" \
  "$(jq -c . "$LAB/env")" 'env of the configuration'
