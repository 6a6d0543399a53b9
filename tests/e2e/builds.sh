#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A build on a private image, by every builder that there is (docker's classic one and BuildKit, compose,
# docker-py), by a real engine: while the other store is locked, the login in the open one is found.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

seed_storage
password=$(new_secret)
start_password_registry ada "$password"
in_keyring=$REGISTRY
start_password_registry ada "$password"
in_vault=$REGISTRY
start_engine
engine=$STARTED

mkdir "$HOME/.docker" "$LAB/tmp/build"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"
echo news >"$LAB/tmp/build/news"
printf 'version: "2"\nservices: {app: {build: ., image: "lab/composed:1"}}\n' >"$LAB/tmp/build/docker-compose.yml"

# build BUILDER: the image of the folder, whose base is nowhere but in its registry.
build() (
  cd "$LAB/tmp/build" || exit
  case $1 in
  classic) DOCKER_BUILDKIT=0 docker_status build --no-cache --pull --tag lab/classic:1 . ;;
  buildkit) DOCKER_BUILDKIT=1 docker_status build --no-cache --pull --tag lab/buildkit:1 . ;;
  compose) COMPOSE_DOCKER_CLI_BUILD=0 by /usr/bin/docker-compose build --no-cache --pull ;;
  docker_py)
    by /usr/bin/python3 -c 'import docker
docker.from_env().images.build(path=".", tag="lab/py:1", nocache=True, pull=True, rm=True)'
    ;;
  esac
)

by() {
  timeout -k 5 "$LIMIT" env PATH="$LAB/bin" "$@" >"$LAB/docker.out" 2>"$LAB/docker.err"
}

# The client of docker 28 builds with BuildKit by a plugin that Debian does not have.
BUILDERS=(classic compose docker_py)
[[ $("$DOCKER" --version) != *' 20.'* ]] || BUILDERS+=(buildkit)

# builds_on REGISTRY: each of them can, and builds_not_on: none can.
builds_on() {
  local builder
  from "$1"
  for builder in "${BUILDERS[@]}"; do
    build "$builder" || fail "$builder: $(clip "$LAB/docker.out") $(clip "$LAB/docker.err")"
    if docker_status image inspect "$1/$IMAGE"; then docker rmi --force "$1/$IMAGE"; fi
  done
}

builds_not_on() {
  local builder
  from "$1"
  for builder in "${BUILDERS[@]}"; do
    ! build "$builder" || fail "$builder: expected a failure without the login"
  done
}

from() { printf 'FROM %s\nCOPY news /news\n' "$1/$IMAGE" >"$LAB/tmp/build/Dockerfile"; }

vault() { docker-credential-keyring vault "$@" >"$LAB/out" 2>&1 || fail "vault $1: $(<"$LAB/out")"; }
start_session
login "$in_keyring" ada "$password"
vault create --key-file "$HOME/key"
DOCKER_CREDENTIAL_KEYRING_STORE=vault login "$in_vault" ada "$password"
lists "{\"$in_keyring\": \"ada\", \"$in_vault\": \"ada\"}"

# --- the keyring is locked, the vault is not
for lock in lock_warm lock_cold; do
  "$lock"
  builds_on "$in_vault"
done
builds_not_on "$in_keyring"

# --- the vault is locked, the keyring is not
unlock
mv "$HOME/key" "$HOME/key.away"
builds_on "$in_keyring"
builds_not_on "$in_vault"

STARTED=$engine
stop_engine
