#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# REGISTRY_AUTH_FILE names a file that podman login would make. Where a helper takes the login nobody
# makes it, and podman and buildah stop at it: migrate and doctor tell, and the cure works.
. "${BASH_SOURCE[0]%/*}/field_lab.sh" || exit 1

start_session
PORT=5994
registry=127.0.0.1:$PORT
start registry /usr/bin/python3 "$FIELD_SOURCE/registry.py" "$PORT"
wait_until bash -c ": </dev/tcp/127.0.0.1/$PORT"
export REGISTRY_AUTH_FILE=$LAB/away/auth.json

# in_podman ARGUMENT…: with a storage of its own.
in_podman() {
  timeout -k 5 "$LIMIT" podman --root "$LAB/podman" --runroot "$LAB/run/podman" --storage-driver vfs \
    --cgroup-manager cgroupfs --events-backend file "$@"
}
# pull TEXT: ends with it, and not with an image.
pull() {
  ! in_podman pull --tls-verify=false "$registry/app" >"$LAB/pull.log" 2>&1 || fail 'expected no image'
  grep -q "$1" "$LAB/pull.log" || fail "pull: expected «$1», got «$(clip "$LAB/pull.log")»"
}

mkdir "$HOME/.docker"
echo '{}' >"$HOME/.docker/config.json"
run docker-credential-keyring migrate
exits 0 migrate
says "REGISTRY_AUTH_FILE names $REGISTRY_AUTH_FILE, which does not exist"
in_podman login -u ada --password-stdin --tls-verify=false "$registry" <<<s3 >"$LAB/login.log" 2>&1 ||
  fail "podman login: $(clip "$LAB/login.log")"
has "$registry" ada s3
[[ ! -e $REGISTRY_AUTH_FILE ]] || fail 'expected no file'
pull 'no such file'

run docker-credential-keyring doctor --json
equal problem "$(jq -r '.findings[] | select(.id == "auth-file-missing") | .severity' "$LAB/out")" doctor
eval "$(jq -r '.findings[] | select(.id == "auth-file-missing") | .command' "$LAB/out")"
pull 404
run docker-credential-keyring doctor
exits 0 doctor
run docker-credential-keyring migrate
exits 0 'migrate again'
says_not REGISTRY_AUTH_FILE
