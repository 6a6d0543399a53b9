#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# README's recipes for CI, with docker's own client, an engine and a registry that wants a password.
. "${BASH_SOURCE[0]%/*}/containers_lab.sh" || exit 1
# shellcheck source=../lab/recipes.sh
. "$LAB_SOURCE/recipes.sh"

seed_storage
REGISTRY_PASSWORD=$(new_secret)
start_password_registry ci "$REGISTRY_PASSWORD"
start_engine
image=$REGISTRY/$IMAGE
export REGISTRY_PASSWORD CI_KEY_FILE=$LAB/ci-key
HERE+=(-e "s|registry\.example:5000/app|$image|; s|registry\.example:5000|$REGISTRY|")
runs() {
  bash "$LAB/recipe" >"$LAB/out" 2>"$LAB/err" || fail "$1: exit $?: $(clip "$LAB/out") $(clip "$LAB/err")"
  ! grep -rqF "$REGISTRY_PASSWORD" "$HOME" || fail "$1: the password is in a file"
}

# --- a job that is one command; the first one brings the image that is pushed then
HERE+=(-e 's/docker push/docker pull/')
script_of ci-one-command
runs 'a pull'
unset 'HERE[-1]' 'HERE[-1]'
docker_fails push "$image"
script_of ci-one-command
runs 'the recipe for one command'
grep -q digest "$LAB/out" || fail "pushed nothing: $(clip "$LAB/out")"
docker_fails push "$image"

# --- steps in shells of their own, today and tomorrow
script_of ci-steps
runs 'the recipe for steps'
[[ -s $CI_KEY_FILE ]] || fail 'no key file'
grep -q digest "$LAB/out" || fail "pushed nothing: $(clip "$LAB/out")"
runs 'the same on the next day'
