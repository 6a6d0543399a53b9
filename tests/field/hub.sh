#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Docker Hub has one name in `list`, whoever logged in: docker's, by which docker-py and a build look for
# it; or, as it was set, docker.io, which podman --remote and its kin take.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

hub=https://index.docker.io/v1/
# as_containers: what a program on podman's library for images finds, "server user" each, or its refusal.
mkdir "$LAB/all_credentials"
cp "$FIELD_SOURCE/all_credentials.go" "$LAB/all_credentials"
(cd "$LAB/all_credentials" && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$LAB/gocache GOFLAGS='' \
  go build -tags containers_image_openpgp -o "$LAB/bin/all_credentials" all_credentials.go) >"$LAB/go.log" 2>&1 ||
  fail "go build: $(tail -n 3 "$LAB/go.log")"
mkdir -p "$HOME/.config/containers/registries.conf.d"
echo 'credential-helpers = ["keyring"]' >"$HOME/.config/containers/registries.conf.d/50-keyring.conf"
as_containers() { timeout -k 5 "$LIMIT" all_credentials 2>&1; }

docker_asks_us
start_engine
for name in docker.io index.docker.io "$hub" http://docker.io; do
  forget_vault
  make_vault_with_key
  store "$name" hub p1
  lists "{\"$hub\": \"hub\"}"
  equal hub "$(docker_py -)" "docker-py's login for the Hub, stored as $name"
  equal "[\"$hub\"]" "$(docker_build)" "what a build is sent, stored as $name"
  [[ $(as_containers) == *"contains http"* ]] || fail "podman's kin take docker's name of the Hub"
done

# --- the name that podman's kin take, and docker still finds what it asks for by get
settings '{"list_names": "containers"}'
store https://reg.example:5000/v2/ ada s3
store reg.example/team bob t4
store "${hub}access-token" hub token
lists '{"docker.io": "hub", "reg.example:5000": "ada"}'
equal $'docker.io hub\nreg.example:5000 ada' "$(as_containers)" "what podman's kin find"
has "$hub" hub p1

# --- what is said where podman has a remote connection
settings '{}'
run docker-credential-keyring doctor --json
equal '[]' "$(jq -c '[.findings[] | select(.id == "list-names-docker")]' "$LAB/out")" 'doctor, no connection'
cat >"$HOME/.config/containers/containers.conf" <<'END'
[engine]
active_service = "away"
[engine.service_destinations.away]
uri = "ssh://ada@host.example/run/podman/podman.sock"
END
run docker-credential-keyring doctor --json
equal 1 "$(jq '[.findings[] | select(.id == "list-names-docker")] | length' "$LAB/out")" 'doctor, a connection'
settings '{"list_names": "containers"}'
run docker-credential-keyring doctor --json
equal 0 "$(jq '[.findings[] | select(.id == "list-names-docker")] | length' "$LAB/out")" 'doctor, as it was set'
