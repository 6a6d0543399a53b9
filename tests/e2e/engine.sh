#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A docker engine pulls, pushes and builds with the credentials that the helper holds.
. "${BASH_SOURCE[0]%/*}/lab/registry.sh" || exit 1
: "${HELPER:?the program under test}"

start_session
seed_storage
password=$(new_secret)
start_password_registry ada "$password"
by_password=$REGISTRY
token_password=$(new_secret) identity_token=idt.$(new_secret)
start_token_registry bob "$token_password" "$identity_token"
by_token=$REGISTRY
start_engine

mkdir "$HOME/.docker"
echo '{"credsStore": "keyring"}' >"$HOME/.docker/config.json"

build_folder=$LAB/tmp/build
mkdir "$build_folder"
echo "$(new_secret) is news" >"$build_folder/news"

# build_on REGISTRY: an image on top of the private one, which the engine has to fetch for it.
build_on() {
  printf 'FROM %s\nCOPY news /news\n' "$1/$IMAGE" >"$build_folder/Dockerfile"
  DOCKER_BUILDKIT=0 docker build --pull --tag "$1/lab/news:1" "$build_folder"
}

for row in "$by_password ada $password" "$by_token bob $token_password"; do
  read -r registry user secret <<<"$row"
  docker_fails pull "$registry/$IMAGE"
  login "$registry" "$user" "$secret"
  docker pull "$registry/$IMAGE"
  docker rmi "$registry/$IMAGE"
  build_on "$registry"
  docker push "$registry/lab/news:1"
  docker rmi "$registry/lab/news:1" "$registry/$IMAGE"
  docker pull "$registry/lab/news:1"
done

# Logged in again with what the helper holds; docker never does that with an identity token.
docker login "$by_password"
grep -q 'Login Succeeded' "$LAB/docker.out" || fail 'docker login with the stored password'
lists "{\"$by_password\": \"ada\", \"$by_token\": \"<token>\"}"
no_trace "$password" "$token_password" "$identity_token"

for registry in "$by_password" "$by_token"; do
  docker logout "$registry"
  has_not "$registry"
  docker_fails pull "$registry/$IMAGE"
done

stop_engine
