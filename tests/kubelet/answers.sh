#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the kubelet is answered, to the byte: ports, namespaces, Docker Hub, other spellings, what is not
# stored, identity tokens; and that whatever is no request is refused without a word of it.
. "${BASH_SOURCE[0]%/*}/kubelet_lab.sh" || exit 1

quick_vault_with_key \
  --credential nexus.example.com:8083 ada s3 \
  --credential https://index.docker.io/v1/ hub 'h<&>"é' \
  --credential https://Plain.example:5000/v2/ una t4 \
  --credential quay.example reg u5 \
  --credential quay.example/team bob v6 \
  --credential quay.example/team/deep/app eve w7 \
  --credential token.example '<token>' an-identity-token \
  --credential localhost loc x8

# --- a registry
gets nexus.example.com:8083/team/app Registry nexus.example.com:8083 ada s3
gets nexus.example.com:8083/app Registry nexus.example.com:8083 ada s3
gets localhost/app Registry localhost loc x8
gets_nothing nexus.example.com/team/app
gets_nothing nexus.example.com:8082/team/app
gets_nothing example.com:8083/team/app
gets_nothing a.nexus.example.com:8083/team/app
silent 'an unknown registry'

# --- a key with scheme, path and capitals; the answer's key is as the image has it
gets plain.example:5000/team/app Registry plain.example:5000 una t4
gets PLAIN.example:5000/team/app Registry PLAIN.example:5000 una t4

# --- Docker Hub
gets docker.io/library/app Registry docker.io hub 'h<&>"é'
gets docker.io/team/app Registry docker.io hub 'h<&>"é'
gets app Registry docker.io hub 'h<&>"é'
gets index.docker.io/team/app Registry docker.io hub 'h<&>"é'

# --- namespaces: the longest whole one, for this image alone, and so is the registry beside them
gets quay.example/team/app Image quay.example/team bob v6
gets quay.example/team/deep/app Image quay.example/team/deep/app eve w7
gets quay.example/team/deeper Image quay.example/team bob v6
gets quay.example/teammate Image quay.example reg u5
gets quay.example/other/app Image quay.example reg u5

# --- switched off, only whole registries and exact names count
settings '{"namespace_fallback": false}'
gets nexus.example.com:8083/team/app Registry nexus.example.com:8083 ada s3
gets quay.example/team/app Image quay.example reg u5
gets quay.example/team/deep/app Image quay.example/team/deep/app eve w7
settings '{}'

# --- an identity token is no credential for a kubelet
gets_nothing token.example/team/app
says token.example 'identity token'
says_not an-identity-token

# --- members of later kubelets are taken, and not repeated
asks nexus.example.com:8083/app \
  ',"serviceAccountToken":"eyJ.a.token","serviceAccountAnnotations":{"a":"b"},"later":[null,{"x":1.5}]'
answered '"cacheKeyType":"Registry","cacheDuration":"10m0s","auth":{"nexus.example.com:8083":{"username":"ada","password":"s3"}}'
silent 'later members'
no_trace eyJ.a.token

# --- what is no request
for version in v1beta1 v1alpha1 v2 v10; do
  API=credentialprovider.kubelet.k8s.io/$version asks nexus.example.com:8083/app
  refused "apiversion than $API;" "apiVersion $version"
done
for text in '' hush '{"image":"hush"' '[]' '"hush"' "$(request hush.example/app)$(request hush.example/app)" \
  "{\"kind\":\"hush\",\"apiVersion\":\"$API\",\"image\":\"hush.example/app\"}" \
  "{\"apiVersion\":\"$API\",\"image\":\"hush.example/app\"}" '{"image":"hush.example/app"}' \
  "$(request 'https://hush.example/app')" "$(request 'hush.example/ app')" "$(request '')"; do
  printf %s "$text" >"$LAB/request"
  sends "$LAB/request"
  refused request "«$text»"
  says_not hush
done
head -c 2000000 /dev/zero | tr '\0' ' ' >"$LAB/request"
sends "$LAB/request"
refused bytes 'two megabytes'

# --- nobody waits for a request at a terminal
at_terminal --may-end -- bash -c 'docker-credential-keyring kubelet </dev/tty'
exits 1 'kubelet, typed at a terminal'
says --print-config

# --- one who asks as the kubelet does: what it keeps, and what it gives to the runtime
run docker-credential-keyring kubelet --print-config
exits 0 --print-config
cp "$LAB/out" "$LAB/config.yaml"
plays_kubelet "$LAB/config.yaml" nexus.example.com:8083/a nexus.example.com:8083/b \
  quay.example/other quay.example/team/app quay.example/teammate docker.io/library/app \
  docker.io/team/app stranger.example/app
equal '["ada","ada","reg","bob","reg","hub","hub",null]' "$(pulls 'map(.credentials[0].username)')" 'who pulls'
equal '[1,1,1,1,1,1,1,0]' "$(pulls 'map(.credentials | length)')" 'credentials for each image'
equal '[1,0,1,1,1,1,0,0]' "$(pulls 'map(.ran | length)')" 'when the program was asked'
equal '[]' "$(pulls 'map(.errors[])')" errors

# A login made later is found at once.
plays_kubelet <(printf '%s\n' "$(<"$LAB/config.yaml")" | sed 's/"docker.io"/"new.example"/') new.example/app
equal '[[]]' "$(pulls 'map(.credentials)')" 'before the login'
store new.example ada y9
plays_kubelet <(printf '%s\n' "$(<"$LAB/config.yaml")" | sed 's/"docker.io"/"new.example"/') new.example/app
equal '["ada"]' "$(pulls 'map(.credentials[0].username)')" 'after the login'
